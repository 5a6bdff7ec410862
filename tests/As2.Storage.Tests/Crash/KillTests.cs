using As2.Storage.Sqlite;
using As2.Testing;
using As2.Testing.Storage;

namespace As2.Storage.Tests;

/// <summary>Kills a process that writes, and looks at what it left.</summary>
public sealed class KillTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Test]
    public async Task what_was_acknowledged_is_there_after_every_kill()
    {
        using var folder = new TempFolder();
        var told = new HashSet<(string What, string Key)>();
        for (var kill = 0; kill < 3; kill++)
        {
            using var child = new ChildProcess("trade", folder.Path);
            child.ReadUntil(100 + (kill * 7));
            child.Kill();
            child.ReadToDeath();
            told.UnionWith(child.Told);
            await CheckAsync(folder.Path, told);
        }
        Assert.That(told, Has.Count.GreaterThan(300));
    }

    [TestCase("I2:2")]
    [TestCase("I3:5")]
    [TestCase("I4:5")]
    [TestCase("D4:3")]
    [TestCase("D7:3")]
    [TestCase("O1:4")]
    [TestCase("O3:4")]
    public async Task a_named_crash_point_loses_and_doubles_nothing(string crashPoint)
    {
        using var folder = new TempFolder();
        using var child = new ChildProcess("trade", folder.Path, crashPoint);
        child.ReadToDeath();
        Assert.That(child.Told, Has.Count.GreaterThan(3).And.Count.LessThan(100), "it died at its point");
        await CheckAsync(folder.Path, child.Told);
    }

    [Test]
    public void a_kill_in_a_migration_leaves_a_folder_that_opens()
    {
        using var folder = new TempFolder();
        using (var child = new ChildProcess("trade", folder.Path, "migration:1"))
            child.ReadToDeath();
        using var store = new SqliteStore(new SqliteStoreOptions { Folder = folder.Path });
        Assert.That(async () => await store.ListEventsAsync(0, 1, s_none), Is.Empty);
    }

    // Finishes the work that was left, as a restarted service does; then everything accepted is in the inbox exactly once.
    private static async Task CheckAsync(string folder, HashSet<(string What, string Key)> told)
    {
        using var store = new SqliteStore(new SqliteStoreOptions { Folder = folder });
        Assert.That(Directory.GetFiles(Path.Combine(folder, "spool")), Is.Empty);
        foreach (var job in await store.ClaimAsync(JobKind.Deliver, 1000, TimeSpan.FromMinutes(1), s_none))
        {
            var message = (await store.GetAsync(job.MessageId, s_none))!;
            var file = new Routes.NewMailboxFile("inbox", message.Key.MessageId, message.Payloads[0].Content);
            Assert.That(await store.ApplyAsync(
                job, Sample.Step(MessageState.Accepted, MessageState.Delivered) with { Mailbox = [new("acme", Add: file)] }, s_none));
        }

        var inbox = (await store.ListAsync("acme", "inbox", s_none)).ToDictionary(f => f.Name);
        var outbox = (await store.ListAsync("acme", "outbox", s_none)).Select(f => f.Name).ToList();
        Assert.That(outbox, Is.SupersetOf(Keys(told, "submitted")));
        Assert.That(inbox.Keys, Is.SupersetOf(Keys(told, "accepted")), "nothing lost");
        Assert.That(inbox.Keys, Is.SubsetOf(Keys(told, "offered")), "nothing doubled: a second copy would have a number");
        Assert.That(inbox.Keys.Concat(outbox).Count(name => name.Contains("-2", StringComparison.Ordinal) && !told.Contains(("offered", name))), Is.Zero);
        foreach (var name in inbox.Keys)
        {
            var file = await store.FindAsync("acme", "inbox", name, s_none);
            await using var content = await store.Blobs.OpenReadAsync(file!.Content, s_none);
            await content.CopyToAsync(Stream.Null, s_none);
        }
    }

    private static IEnumerable<string> Keys(HashSet<(string What, string Key)> told, string what) => told.Where(t => t.What == what).Select(t => t.Key);
}
