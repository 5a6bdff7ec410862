using As2.Agreements;
using As2.CertificateExchange;

namespace As2.Testing.Storage;

/// <summary>What every <see cref="IExchangeStore"/> remembers, and who comes first where two save at once.</summary>
public abstract class ExchangeStoreContract
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    /// <summary>An exchange with one certificate that waits.</summary>
    protected static Exchange Sample(string? id = null, DateTimeOffset? created = null) => new()
    {
        Id = id ?? Guid.NewGuid().ToString("N"), Side = ExchangeSide.Theirs, Local = new As2Identifier("OUR COMPANY"), Partner = new As2Identifier("PARTNER"),
        RequestId = "a/b\\..\u00e4", Created = created ?? new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero), ResponseUrl = "http://partner.example/as2", ReceivedMessage = id,
        Certificates =
        [
            new ExchangedCertificate
            {
                Issuer = "CN=Ümläut, O=\"a,b\"", SerialNumber = "-1", Der = (byte[])[1, 2, 3], Thumbprint = "010203",
                Usages = [CertificateUsage.DigitalSignature, CertificateUsage.TlsClient], RespondBy = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)),
            },
            new ExchangedCertificate { Issuer = "CN=x", SerialNumber = "2", Status = ExchangeStatus.Rejected, Decided = new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero), Reason = "no" },
        ],
    };

    /// <summary>A store with nothing in it.</summary>
    protected abstract IExchangeStore Create();

    /// <summary>The same store as another process sees it, or after a restart.</summary>
    protected abstract IExchangeStore Again(IExchangeStore store);

    [Test]
    public async Task what_was_saved_is_listed_whole_with_its_next_version()
    {
        var store = Create();
        Assert.That(await store.ListAsync(s_none), Is.Empty);
        var exchange = Sample();
        Assert.That(await store.SaveAsync(exchange, s_none), Is.True);
        Assert.That(Text((await Again(store).ListAsync(s_none)).Single()), Is.EqualTo(Text(exchange with { Version = 1 })));
    }

    [Test]
    public async Task the_last_version_counts_and_the_oldest_exchange_comes_first()
    {
        var store = Create();
        var (late, early) = (Sample(created: new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)), Sample());
        foreach (var exchange in (Exchange[])[late, early])
        {
            for (var version = 0; version < 11; version++)
                Assert.That(await store.SaveAsync(exchange with { Version = version, SentMessage = $"{version}" }, s_none), Is.True);
        }
        Assert.That((await Again(store).ListAsync(s_none)).Select(e => (e.Id, e.Version, e.SentMessage)), Is.EqualTo(new[] { (early.Id, 11, "10"), (late.Id, 11, "10") }));
    }

    [Test]
    public async Task who_saves_second_is_told_to_read_again()
    {
        var store = Create();
        var exchange = Sample();
        Assert.That(await store.SaveAsync(exchange, s_none), Is.True);
        Assert.That(await Again(store).SaveAsync(exchange with { SentMessage = "other" }, s_none), Is.False);
        Assert.That(await store.SaveAsync(exchange with { Version = 1, SentMessage = "first" }, s_none), Is.True);
        Assert.That(await Again(store).SaveAsync(exchange with { Version = 1, SentMessage = "second" }, s_none), Is.False);
        Assert.That(await store.SaveAsync(exchange with { Version = 7 }, s_none), Is.False, "a version that nobody read");
        Assert.That((await store.ListAsync(s_none)).Single().SentMessage, Is.EqualTo("first"));
    }

    [Test]
    public async Task of_many_at_once_one_saves()
    {
        var store = Create();
        var exchange = Sample();
        await store.SaveAsync(exchange, s_none);
        var saved = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            async () => await Again(store).SaveAsync(exchange with { Version = 1, SentMessage = $"{i}" }, s_none))));
        Assert.That(saved.Count(s => s), Is.EqualTo(1));
    }

    private static string Text(Exchange e) => $"{e with { Certificates = [] }} {string.Join("; ", e.Certificates.Select(Text))}";

    private static string Text(ExchangedCertificate c)
        => $"{c with { Der = null, Usages = [] }} {(c.Der is { } der ? Convert.ToHexString(der.Span) : "none")} {string.Join(",", c.Usages)}";
}
