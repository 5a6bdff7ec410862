using As2.Storage.PostgreSql;
using As2.Testing.Storage;

namespace As2.Storage.Tests.PostgreSql;

public sealed class PostgresSchemaTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private static readonly Migration s_next = new(3, 1, ["ALTER TABLE message ADD COLUMN colour text", "CREATE INDEX message_colour ON message (colour)"]);
    private static readonly Migration s_breaking = new(4, 4, ["ALTER TABLE message DROP COLUMN colour"]);

    [Test]
    public async Task a_node_of_the_version_before_works_while_the_next_one_migrates_and_after_it()
    {
        var options = TestDatabase.NewSchema();
        await using var old = await PostgresStore.OpenAsync(options, null, [Migration.All[0]], s_none);
        using var stop = new CancellationTokenSource();
        var working = Task.Run(async () =>
        {
            var accepted = 0;
            while (!stop.IsCancellationRequested)
                accepted += (await old.AcceptAsync(Sample.Inbound(), s_none)).IsNew ? 1 : 0;
            return accepted;
        });
        await using var next = await PostgresStore.OpenAsync(options, null, [.. Migration.All, s_next], s_none);
        await next.AcceptAsync(Sample.Inbound(), s_none);
        await stop.CancelAsync();
        var accepted = await working;
        await old.AcceptAsync(Sample.Inbound(), s_none);
        Assert.That(TestDatabase.Run(options, "SELECT count(*) FROM message"), Is.EqualTo(accepted + 2L));

        await using var restarted = await PostgresStore.OpenAsync(options, null, [Migration.All[0]], s_none);
        Assert.That((await restarted.ListAsync(new MessageQuery { Max = 1 }, s_none)), Has.Count.EqualTo(1), "the old program starts on the new schema");
    }

    [Test]
    public async Task a_program_that_is_too_old_for_the_schema_is_refused()
    {
        var options = TestDatabase.NewSchema();
        await (await PostgresStore.OpenAsync(options, null, [.. Migration.All, s_next, s_breaking], s_none)).DisposeAsync();
        Assert.That(() => TestDatabase.Open(options), Throws.InstanceOf<As2Exception>().With.Property("Id").EqualTo("AS2-STORE-004"));
    }

    [Test]
    public void a_server_whose_commits_may_be_lost_is_refused()
    {
        var options = TestDatabase.NewSchema();
        options.ConnectionString += ";Options=-c synchronous_commit=off";
        Assert.That(() => TestDatabase.Open(options), Throws.InstanceOf<As2Exception>().With.Property("Id").EqualTo("AS2-STORE-016"));
        options.UnsafelyAllowLazyCommits = true;
        Assert.That(async () => await TestDatabase.Open(options).DisposeAsync(), Throws.Nothing);
    }

    [TestCase("a-b")]
    [TestCase("a; DROP SCHEMA public")]
    [TestCase("")]
    public void a_schema_has_a_plain_name(string name)
    {
        var options = TestDatabase.NewSchema();
        options.Schema = name;
        Assert.That(() => TestDatabase.Open(options), Throws.InstanceOf<As2Exception>());
    }

    [Test]
    public void a_server_that_is_not_there_is_said_without_its_password()
    {
        var options = new PostgresStoreOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=as2;Password=s3cret;Database=as2" };
        var fault = Assert.Throws<As2Exception>(() => TestDatabase.Open(options))!;
        Assert.That(fault.Id, Is.EqualTo("AS2-STORE-017"));
        Assert.That(fault.ToString(), Does.Not.Contain("s3cret"));
    }

    [Test]
    public async Task events_of_a_copy_stay_before_those_that_follow()
    {
        var options = TestDatabase.NewSchema();
        await TestDatabase.Open(options).DisposeAsync();
        TestDatabase.Run(options, $"INSERT INTO event VALUES ({long.MaxValue / 4}, gen_random_uuid(), 0, 'received', 'copied')");
        await using var store = TestDatabase.Open(options);
        await store.AcceptAsync(Sample.Inbound(), s_none);
        var events = await store.ListEventsAsync(0, 10, s_none);
        Assert.That(events.Select(e => e.Text), Is.EqualTo(["copied", "9 bytes"]));
    }
}
