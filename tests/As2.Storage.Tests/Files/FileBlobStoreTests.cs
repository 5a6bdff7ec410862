using As2.Testing;

namespace As2.Storage.Tests;

public sealed class FileBlobStoreTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Test]
    public async Task whichever_call_of_the_disk_fails_nothing_half_is_left_and_the_next_content_succeeds()
    {
        var failing = 0;
        FailingDisk disk;
        do
        {
            using var folder = new TempFolder();
            disk = new FailingDisk(++failing);
            var written = await TryWriteAsync(folder, disk);
            Assert.That(written is null, Is.EqualTo(disk.HasFailed), () => $"call {failing}");
            Assert.That(Directory.Exists(folder["spool"]) ? Directory.GetFiles(folder["spool"]) : [], Is.Empty);
            if (disk.HasFailed)
                Assert.That(await TryWriteAsync(folder, disk), Is.Not.Null, () => $"after call {failing}");
        }
        while (disk.HasFailed);
        Assert.That(failing, Is.GreaterThan(5), "folders, a file and a rename are flushed");
    }

    [TestCase(28, "AS2-STORE-005")]
    [TestCase(122, "AS2-STORE-005")]
    [TestCase(30, "AS2-STORE-010")]
    [TestCase(5, "AS2-STORE-006")]
    public async Task the_fault_says_what_to_do(int errno, string id)
    {
        using var folder = new TempFolder();
        _ = new FileBlobStore(folder.Path);
        var store = new FileBlobStore(folder.Path, durable: new FailingDisk(1, errno));
        await using var writer = store.Create(null);
        writer.Push(new byte[200_000]);
        Assert.That(Assert.ThrowsAsync<As2Exception>(async () => await writer.CommitAsync(s_none))!.Id, Is.EqualTo(id));
    }

    [Test]
    public void a_disk_without_room_for_the_expected_length_refuses_at_once()
    {
        using var folder = new TempFolder();
        var store = new FileBlobStore(folder.Path);
        Assert.That(Assert.Throws<As2Exception>(() => store.Create(8L << 40))!.Id, Is.EqualTo("AS2-STORE-005"));
        Assert.That(Directory.GetFiles(folder["spool"]), Is.Empty);
    }

    [Test]
    public void what_a_former_process_left_half_written_is_swept()
    {
        using var folder = new TempFolder();
        _ = new FileBlobStore(folder.Path);
        folder.Write("spool/0123.part", "half");
        _ = new FileBlobStore(folder.Path);
        Assert.That(Directory.GetFiles(folder["spool"]), Is.Empty);
    }

    private static async Task<StoredContent?> TryWriteAsync(TempFolder folder, FailingDisk disk)
    {
        try
        {
            var store = new FileBlobStore(folder.Path, durable: disk);
            await using var writer = store.Create(null);
            writer.Push(new byte[200_000]);
            return await writer.CommitAsync(s_none);
        }
        catch (As2Exception e)
        {
            Assert.That(e.Id, Is.EqualTo("AS2-STORE-006"));
            return null;
        }
    }
}
