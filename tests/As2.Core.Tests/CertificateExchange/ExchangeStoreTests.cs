using As2.CertificateExchange;
using As2.Storage;
using As2.Testing;
using As2.Testing.Storage;
using Microsoft.Win32.SafeHandles;

namespace As2.Core.Tests.CertificateExchange;

public sealed class InMemoryExchangeStoreTests : ExchangeStoreContract
{
    protected override IExchangeStore Create() => new InMemoryExchangeStore();

    protected override IExchangeStore Again(IExchangeStore store) => store;
}

public sealed class FolderExchangeStoreTests : ExchangeStoreContract
{
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    protected override IExchangeStore Create() => Open();

    protected override IExchangeStore Again(IExchangeStore store) => Open();

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("{\"Id\":\"x\",\"Version\":1,\"Side\":\"Ours\",\"Local\":\"\",\"Partner\":\"b\",\"RequestId\":\"r\",\"Created\":\"2026-11-24T03:00:00Z\",\"Certificates\":[]}")]
    public async Task a_damaged_file_is_told_by_its_name(string content)
    {
        var exchange = Sample();
        await Open().SaveAsync(exchange, default);
        File.WriteAllText(Path.Combine(_folder["exchanges"], $"{exchange.Id}.1.json"), content);
        var fault = Assert.ThrowsAsync<As2Exception>(async () => await Open().ListAsync(default));
        Assert.That((fault!.Id, fault.Message), Is.EqualTo(("AS2-STORE-008", fault.Message)));
        Assert.That(fault.Message, Does.Contain(exchange.Id));
    }

    [Test]
    public async Task files_of_others_are_left_alone()
    {
        await Open().SaveAsync(Sample(), default);
        foreach (var name in (string[])["notes.json", "a.b.json", ".json", $"{Guid.NewGuid():N}.new", $"{Guid.NewGuid():N}.json"])
            File.WriteAllText(Path.Combine(_folder["exchanges"], name), "not ours");
        Assert.That(await Open().ListAsync(default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task what_the_disk_did_not_take_is_not_there_and_leaves_nothing()
    {
        var exchange = Sample();
        await Open().SaveAsync(exchange, default);
        var store = new FolderExchangeStore(_folder["exchanges"], new FullDisk());
        Assert.That(Assert.ThrowsAsync<As2Exception>(async () => await store.SaveAsync(exchange with { Version = 1, SentMessage = "x" }, default))!.Id, Is.EqualTo("AS2-STORE-005"));
        Assert.That((await Open().ListAsync(default)).Single().Version, Is.EqualTo(1));
        Assert.That(Directory.GetFiles(_folder["exchanges"]), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task no_private_key_is_written()
    {
        using var parties = new ExchangingParties(alices: Open());
        await parties.OfferAsync();
        await parties.DecideAsync(accept: true);
        var written = Directory.GetFiles(_folder["exchanges"]).Select(f => File.ReadAllText(f).Replace("\\u002B", "+", StringComparison.Ordinal)).ToList();
        var secret = Convert.ToBase64String(parties.New.RsaPrivateKey!.ExportParameters(true).D!)[..40];
        Assert.That(written, Is.Not.Empty.And.None.Contains(secret).And.None.Contains("PRIVATE"));
        Assert.That(written, Has.Some.Contains(Convert.ToBase64String(parties.New.Der.Span)[..40]));
    }

    private FolderExchangeStore Open() => new(_folder["exchanges"]);

    private sealed class FullDisk : IDurableFile
    {
        public void Flush(SafeFileHandle file, string path) => throw new IOException("no space left", 28);

        public void FlushFolder(string path)
        {
        }

        public void Publish(string temporary, string final) => throw new IOException("no space left", 28);
    }
}
