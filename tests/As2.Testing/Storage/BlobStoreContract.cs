using System.Security.Cryptography;
using As2.Routes;
using As2.Storage;

namespace As2.Testing.Storage;

/// <summary>What every <see cref="IBlobStore"/> does.</summary>
public abstract class BlobStoreContract : StoreContract
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(StoredContent.MaxInlineBytes)]
    [TestCase(StoredContent.MaxInlineBytes + 1)]
    [TestCase(3 * StoredContent.MaxInlineBytes)]
    [TestCase((3 * StoredContent.MaxInlineBytes) + 77)]
    public async Task content_of_every_size_comes_back(int length)
    {
        var octets = RandomNumberGenerator.GetBytes(length);
        var content = await WriteAsync(octets, block: 8191);

        Assert.That(content.Length, Is.EqualTo(length));
        Assert.That(content.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(octets))));
        Assert.That(content.Inline.HasValue, Is.EqualTo(length <= StoredContent.MaxInlineBytes));
        Assert.That(content.BlobName is null, Is.EqualTo(content.Inline.HasValue));
        Assert.That(await ReadAsync(content), Is.EqualTo(octets));
    }

    [TestCase(10)]
    [TestCase(StoredContent.MaxInlineBytes + 1)]
    [TestCase(1 << 20)]
    public async Task an_expected_length_is_only_a_hint(long expected)
    {
        var octets = RandomNumberGenerator.GetBytes(StoredContent.MaxInlineBytes * 2);
        Assert.That(await ReadAsync(await WriteAsync(octets, block: 50_000, expected)), Is.EqualTo(octets));
        Assert.That(await ReadAsync(await WriteAsync(octets[..100], block: 100, expected)), Is.EqualTo(octets[..100]));
    }

    [Test]
    public async Task an_abandoned_content_leaves_nothing()
    {
        var writer = Store.Blobs.Create(null);
        writer.Push(new byte[StoredContent.MaxInlineBytes * 2]);
        Assert.That(writer.Length, Is.EqualTo(StoredContent.MaxInlineBytes * 2));
        await writer.DisposeAsync();
        await writer.DisposeAsync();
        Assert.That(await NamesAsync(TimeSpan.Zero), Is.Empty);
        Assert.That(() => writer.Push(new byte[1]), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task blobs_are_listed_by_age_and_removed()
    {
        var old = await WriteAsync(new byte[200_000], 200_000);
        Time.Advance(TimeSpan.FromHours(24));
        var young = await WriteAsync(new byte[200_000], 200_000);

        Assert.That(await NamesAsync(TimeSpan.Zero), Is.EquivalentTo([old.BlobName, young.BlobName]));
        Assert.That(await NamesAsync(TimeSpan.FromHours(24)), Is.EqualTo([old.BlobName]));
        await Store.Blobs.DeleteAsync(old.BlobName!, s_none);
        await Store.Blobs.DeleteAsync(old.BlobName!, s_none);
        Assert.That(await NamesAsync(TimeSpan.Zero), Is.EqualTo([young.BlobName]));
        var fault = Assert.ThrowsAsync<As2Exception>(async () => await ReadAsync(old));
        Assert.That(fault!.Id, Is.EqualTo("AS2-STORE-008"));
    }

    [TestCase("../../../etc/passwd")]
    [TestCase("2026/01/15/../../../../../etc/passwd")]
    [TestCase("/etc/passwd")]
    [TestCase("2026/01/15/0123456789abcdef0123456789abcdef\n")]
    [TestCase("")]
    public void a_name_that_the_store_never_made_is_no_path(string name)
    {
        var content = new StoredContent { Length = 1, Sha256 = "", BlobName = name };
        Assert.That(Assert.ThrowsAsync<As2Exception>(async () => await ReadAsync(content))!.Id, Is.EqualTo("AS2-STORE-008"));
        Assert.That(async () => await Store.Blobs.DeleteAsync(name, s_none), Throws.InstanceOf<As2Exception>());
    }

    [Test]
    public async Task a_content_of_another_digest_is_not_read_to_its_end()
    {
        var content = await WriteAsync(new byte[200_000], 200_000);
        foreach (var claimed in new[] { content with { Sha256 = new string('0', 64) }, content with { Length = 199_999 }, content with { Length = 200_001 } })
            Assert.That(Assert.ThrowsAsync<As2Exception>(async () => await ReadAsync(claimed))!.Id, Is.EqualTo("AS2-STORE-008"));
    }

    [Test]
    public async Task purged_content_says_so()
    {
        var purged = Sample.Content("gone") with { Inline = null };
        Assert.That(purged.IsPurged);
        Assert.That(Assert.ThrowsAsync<As2Exception>(async () => await ReadAsync(purged))!.Id, Is.EqualTo("AS2-STORE-008"));
        await Task.CompletedTask;
    }

    [Test]
    public async Task one_blob_serves_a_message_and_its_file()
    {
        var octets = RandomNumberGenerator.GetBytes(300_000);
        var content = await WriteAsync(octets, 100_000);
        await Store.Mailboxes.AddAsync(new MailboxFile("acme", "outbox", "order.part", content, default, null), s_none);
        var submission = Sample.Outbound();
        await Store.Messages.SubmitAsync(submission with
        {
            Message = submission.Message with { Payloads = [new StoredPayload(content, "application/EDI-X12", "order.edi")] },
            Mailbox = [new MailboxChange("acme", Remove: ("outbox", "order.part"), Add: new NewMailboxFile("outbox", "order.edi", content))],
        }, s_none);

        Assert.That(await ReadAsync((await Store.Journal.GetAsync(submission.Message.Id, s_none))!.Payloads[0].Content), Is.EqualTo(octets));
        Assert.That(await ReadAsync((await Store.Mailboxes.FindAsync("acme", "outbox", "order.edi", s_none))!.Content), Is.EqualTo(octets));
    }

    /// <summary>Writes a content in blocks.</summary>
    protected async Task<StoredContent> WriteAsync(byte[] octets, int block, long? expected = null)
    {
        await using var writer = Store.Blobs.Create(expected);
        foreach (var part in octets.Chunk(block))
            writer.Push(part);
        return await writer.CommitAsync(s_none);
    }

    private async Task<byte[]> ReadAsync(StoredContent content)
    {
        await using var stream = await Store.Blobs.OpenReadAsync(content, s_none);
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy, s_none);
        return copy.ToArray();
    }

    private async Task<List<string>> NamesAsync(TimeSpan age)
    {
        var names = new List<string>();
        await foreach (var name in Store.Blobs.ListAsync(age, s_none))
            names.Add(name);
        return names;
    }
}
