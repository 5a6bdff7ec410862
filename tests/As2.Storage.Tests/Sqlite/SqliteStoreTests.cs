using As2.Storage.Sqlite;
using As2.Testing;
using As2.Testing.Storage;
using Microsoft.Data.Sqlite;

namespace As2.Storage.Tests;

public sealed class SqliteStoreTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Test]
    public async Task everything_is_there_after_a_restart_and_no_lease_is_left()
    {
        using var folder = new TempFolder();
        var (arrival, submission) = (Sample.Inbound(), Sample.Outbound());
        using (var store = Open(folder))
        {
            await store.AcceptAsync(arrival, s_none);
            await store.SubmitAsync(submission, s_none);
            await store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromDays(1), s_none);
        }
        using (var store = Open(folder))
        {
            Assert.That(await store.GetAsync(arrival.Message.Id, s_none), Is.Not.Null);
            Assert.That((await store.AcceptAsync(Sample.Inbound(arrival.Message.Key.MessageId), s_none)).IsNew, Is.False);
            Assert.That((await store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromDays(1), s_none)).Single().Attempt, Is.EqualTo(2));
            Assert.That(await store.ListAsync("acme", "outbox", s_none), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task a_former_process_changes_nothing_with_the_job_it_held()
    {
        using var folder = new TempFolder();
        Job former;
        using (var store = Open(folder))
        {
            await store.AcceptAsync(Sample.Inbound(), s_none);
            former = (await store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromDays(1), s_none)).Single();
        }
        using (var store = Open(folder))
            Assert.That(await store.ApplyAsync(former, Sample.Step(MessageState.Accepted, MessageState.Delivered), s_none), Is.False);
    }

    [Test]
    public async Task a_date_set_back_over_a_restart_delays_no_job_for_longer_than_it_asked()
    {
        using var folder = new TempFolder();
        var time = new ManualTime();
        time.SetDate(time.GetUtcNow().AddDays(3));
        using (var store = new SqliteStore(new SqliteStoreOptions { Folder = folder.Path }, time))
            await store.AcceptAsync(Sample.Inbound() with { Jobs = [new NewJob(JobKind.Deliver, TimeSpan.FromMinutes(5))] }, s_none);
        time.SetDate(time.GetUtcNow().AddDays(-3));
        using (var store = new SqliteStore(new SqliteStoreOptions { Folder = folder.Path }, time))
        {
            time.Advance(TimeSpan.FromMinutes(5));
            Assert.That(await store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMinutes(1), s_none), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void a_second_store_on_the_same_folder_is_refused_until_the_first_is_closed()
    {
        using var folder = new TempFolder();
        using (Open(folder))
            Assert.That(Assert.Throws<As2Exception>(() => Open(folder))!.Id, Is.EqualTo("AS2-STORE-001"));
        Open(folder).Dispose();
    }

    [TestCase(DriveType.Network, "nfs")]
    [TestCase(DriveType.Unknown, "cifs")]
    [TestCase(DriveType.Unknown, "fuse")]
    [TestCase(DriveType.Unknown, "fuse.sshfs")]
    public void a_network_folder_is_refused(DriveType type, string format)
    {
        using var folder = new TempFolder();
        var fault = Assert.Throws<As2Exception>(() => new DataFolder(folder.Path, drive: _ => (type, format)))!;
        Assert.That(fault.Id, Is.EqualTo("AS2-STORE-002"));
        Assert.That(fault.Message, Does.Contain(format).And.Contain(folder.Path));
        new DataFolder(folder.Path, allowNetwork: true, drive: _ => (type, format)).Dispose();
    }

    [Test]
    public void the_database_is_as_durable_as_it_says()
    {
        using var folder = new TempFolder();
        using var store = Open(folder);
        using var connection = Connect(folder);
        Assert.That(Scalar(connection, "PRAGMA journal_mode"), Is.EqualTo("wal"));
        Assert.That(Scalar(connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND sql NOT LIKE '%STRICT%' AND name NOT LIKE 'message\\_text%' ESCAPE '\\'"), Is.EqualTo("0"));
        Assert.That(store.Durability, Is.EqualTo((2, 1)), "synchronous=FULL, foreign_keys=ON on the writer's connection");
    }

    [Test]
    public void a_database_of_a_newer_program_is_refused()
    {
        using var folder = new TempFolder();
        Open(folder).Dispose();
        using (var connection = Connect(folder))
            Scalar(connection, "PRAGMA user_version = 999");
        Assert.That(Assert.Throws<As2Exception>(() => Open(folder))!.Id, Is.EqualTo("AS2-STORE-004"));
    }

    [Test]
    public void a_database_of_another_program_is_refused()
    {
        using var folder = new TempFolder();
        using (var connection = Connect(folder))
            Scalar(connection, "CREATE TABLE theirs (x); PRAGMA user_version = 1");
        Assert.That(Assert.Throws<As2Exception>(() => Open(folder))!.Id, Is.EqualTo("AS2-STORE-003"));
    }

    [Test]
    public async Task damage_that_is_found_after_the_start_ends_the_taking_of_new_work()
    {
        using var folder = new TempFolder();
        await DamageAsync(folder);
        var told = "";
        using (var check = new StartCheck(new SqlSession(Connect(folder)), found => told = found))
            check.Wait(TimeSpan.FromSeconds(30));
        Assert.That(told, Is.Not.Empty);

        var watch = new HealthWatch(() => long.MaxValue, 0, new StoreClock(TimeProvider.System));
        watch.Damaged(SqliteFault.Damaged("as2.db", told));
        watch.Succeeded();
        Assert.That(watch.Check().Reason, Does.Contain("damaged"), "a commit that succeeds says nothing of the other pages");
    }

    [Test]
    public async Task a_damaged_database_is_refused()
    {
        using var folder = new TempFolder();
        await DamageAsync(folder);
        Assert.That(Assert.Throws<As2Exception>(() => Open(folder))!.Id, Is.EqualTo("AS2-STORE-003"));
    }

    private static async Task DamageAsync(TempFolder folder)
    {
        using (var store = Open(folder))
        {
            for (var i = 0; i < 50; i++)
                await store.AcceptAsync(Sample.Inbound(), s_none);
        }
        await using var file = File.OpenWrite(folder["as2.db"]);
        file.Position = 4096;
        file.Write(new byte[(int)file.Length - 4096]);
    }

    [Test]
    public async Task a_closed_store_says_so()
    {
        using var folder = new TempFolder();
        var store = Open(folder);
        store.Dispose();
        store.Dispose();
        Assert.That(Assert.ThrowsAsync<As2Exception>(async () => await store.AcceptAsync(Sample.Inbound(), s_none))!.Id, Is.EqualTo("AS2-STORE-007"));
        Assert.That(Assert.ThrowsAsync<As2Exception>(async () => await store.GetAsync("x", s_none))!.Id, Is.EqualTo("AS2-STORE-007"));
        await Task.CompletedTask;
    }

    [Test]
    public async Task a_change_at_fault_fails_alone_in_its_group()
    {
        using var folder = new TempFolder();
        using var store = Open(folder);
        await store.SubmitAsync(Sample.Outbound("taken@x"), s_none);
        var work = Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            await store.SubmitAsync(Sample.Outbound(i % 10 == 0 ? "taken@x" : null), s_none);
            return true;
        })).ToList();
        foreach (var task in work)
            await task.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.That(work.Count(t => t.IsFaulted), Is.EqualTo(20));
        Assert.That(await store.ListAsync(new MessageQuery { Max = 1000 }, s_none), Has.Count.EqualTo(181));
    }

    [Test]
    public async Task a_blob_that_no_row_names_any_more_is_marked_for_removal_and_not_before()
    {
        using var folder = new TempFolder();
        using var store = Open(folder);
        await using var writer = store.Blobs.Create(null);
        writer.Push(new byte[200_000]);
        var content = await writer.CommitAsync(s_none);
        await store.AddAsync(new("acme", "outbox", "a", content, default, null), s_none);
        await store.AddAsync(new("acme", "outbox", "b", content, default, null), s_none);
        using var connection = Connect(folder);

        await store.RemoveAsync("acme", "outbox", "a", s_none);
        Assert.That(Scalar(connection, "SELECT count(*) FROM garbage"), Is.EqualTo("0"));
        await store.RemoveAsync("acme", "outbox", "b", s_none);
        Assert.That(Scalar(connection, "SELECT blob FROM garbage"), Is.EqualTo(content.BlobName));
        Assert.That(Scalar(connection, "SELECT count(*) FROM content"), Is.EqualTo("0"));
    }

    private static SqliteStore Open(TempFolder folder) => new(new SqliteStoreOptions { Folder = folder.Path });

    private static SqliteConnection Connect(TempFolder folder)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder["as2.db"], Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

#pragma warning disable CA2100 // The texts are this test's own.
    private static string? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
#pragma warning restore CA2100
}
