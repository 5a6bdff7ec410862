using As2.Storage.Sqlite;
using As2.Testing;

namespace As2.Storage.Tests;

/// <summary>A disk that cannot flush, played by a preloaded library: the runtime's own flush would not notice.</summary>
[Platform("Linux")]
public sealed class FsyncTests
{
    [Test]
    public async Task a_failed_fsync_is_told_acknowledges_nothing_and_heals()
    {
        using var folder = new TempFolder();
        var source = Path.Combine(Repository.Root, "tests", "As2.Storage.Tests", "Crash", "fsync-fails.c");
        (await Command.RunAsync("cc", ["-shared", "-fPIC", "-o", folder["shim.so"], source])).Succeeded();

        var result = (await Command.RunAsync("dotnet", [typeof(Child).Assembly.Location, "fsync", folder["data"], folder["trigger"]],
            environment: new Dictionary<string, string> { ["LD_PRELOAD"] = folder["shim.so"], ["FSYNC_FAILS"] = folder["trigger"] })).Succeeded();

        Assert.That(result.Text, Is.EqualTo("blob AS2-STORE-006\nrow AS2-STORE-006\nhealed nonenone\n"));
        using var store = new SqliteStore(new SqliteStoreOptions { Folder = folder["data"] });
        var keys = (await store.ListAsync(new MessageQuery(), CancellationToken.None)).Select(m => m.Key.MessageId);
        Assert.That(keys, Is.EquivalentTo(["before", "after"]));
        Assert.That(Directory.GetFiles(folder["data/spool"]), Is.Empty);
    }
}
