using As2.Storage.Sqlite;
using As2.Testing;
using As2.Testing.Storage;

namespace As2.Storage.Tests;

public sealed class BackupTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Test]
    public async Task a_backup_made_under_load_is_a_data_folder_with_everything_of_its_moment()
    {
        using var folder = new TempFolder();
        var early = new List<string>();
        using (var store = Open(folder["data"]))
        {
            for (var i = 0; i < 20; i++)
                early.Add(await AcceptAsync(store, large: i % 5 == 0));
            using var stop = new CancellationTokenSource();
            var load = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                    await AcceptAsync(store, large: true);
            });
            await store.BackupAsync(folder["backup"], s_none);
            await stop.CancelAsync();
            await load;
        }

        using var restored = Open(folder["backup"]);
        foreach (var id in early)
            Assert.That(await restored.GetAsync(id, s_none), Is.Not.Null);
        foreach (var line in await restored.ListAsync(new MessageQuery { Max = 1000 }, s_none))
        {
            var message = (await restored.GetAsync(line.Id, s_none))!;
            await using var content = await restored.Blobs.OpenReadAsync(message.Payloads[0].Content, s_none);
            await content.CopyToAsync(Stream.Null, s_none);
        }
        Assert.That(await restored.ClaimAsync(JobKind.Deliver, 5, TimeSpan.FromMinutes(1), s_none), Has.Count.EqualTo(5));
    }

    [Test]
    public void a_folder_that_exists_is_never_written_over()
    {
        using var folder = new TempFolder();
        using var store = Open(folder["data"]);
        Assert.That(Assert.ThrowsAsync<As2Exception>(() => store.BackupAsync(folder.Path, s_none))!.Id, Is.EqualTo("AS2-STORE-010"));
    }

    [Test]
    public async Task whichever_call_of_the_disk_fails_no_backup_appears_and_the_next_try_succeeds()
    {
        for (var failing = 1; ; failing++)
        {
            using var folder = new TempFolder();
            using (var store = Open(folder["data"]))
            {
                await AcceptAsync(store, large: true);
                await AcceptAsync(store, large: true);
            }
            _ = new FileBlobStore(folder["data"]); // all of the failing disk's calls are the backup's
            var disk = new FailingDisk(failing);
            using var again = new SqliteStore(new SqliteStoreOptions { Folder = folder["data"] }, durable: disk);
            if (!disk.HasFailed && await TryAsync(again, folder["backup"]))
                break;
            Assert.That(failing, Is.LessThan(50));
            if (!Directory.Exists(folder["backup"]))
                await again.BackupAsync(folder["backup"], s_none);
            using var restored = Open(folder["backup"]);
            Assert.That(await restored.ListAsync(new MessageQuery(), s_none), Has.Count.EqualTo(2));
        }
    }

    private static async Task<bool> TryAsync(SqliteStore store, string target)
    {
        try
        {
            await store.BackupAsync(target, s_none);
            return true;
        }
        catch (As2Exception e)
        {
            Assert.That(e.Id, Is.EqualTo("AS2-STORE-006"));
            return false;
        }
    }

    private static async Task<string> AcceptAsync(SqliteStore store, bool large)
    {
        await using var writer = store.Blobs.Create(null);
        writer.Push(new byte[large ? 200_000 : 100]);
        var content = await writer.CommitAsync(s_none);
        var arrival = Sample.Inbound();
        await store.AcceptAsync(arrival with { Message = arrival.Message with { Payloads = [new StoredPayload(content, "text/plain", "a")] } }, s_none);
        return arrival.Message.Id;
    }

    private static SqliteStore Open(string folder) => new(new SqliteStoreOptions { Folder = folder });
}
