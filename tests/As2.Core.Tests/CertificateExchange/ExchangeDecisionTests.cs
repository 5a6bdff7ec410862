using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Agreements;
using As2.CertificateExchange;
using As2.Certificates;
using As2.Testing;

namespace As2.Core.Tests.CertificateExchange;

/// <summary>Who decides: a person, or by agreement the key and the issuer; and what a crash between two steps leaves.</summary>
public sealed class ExchangeDecisionTests
{
    private static Partnership Automatic(Partnership p) => p with { Exchange = p.Exchange with { Acceptance = ExchangeAcceptance.Automatic } };

    [Test]
    public async Task a_renewal_of_the_same_key_is_accepted_by_itself()
    {
        using var parties = new ExchangingParties(null, Automatic);
        var renewed = Renew(TestKeys.Rsa("alice"), parties.Time.GetUtcNow());
        parties.Alice.Certificates = parties.Alice.Certificates with { Offer = [renewed] };
        await parties.Alice.Desk.OfferAsync(parties.Alice.Agreement.Local, parties.Alice.Agreement.Partner, null, default);
        await parties.SettleAsync();
        Assert.That((await parties.Alice.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Accepted));
        Assert.That((await parties.Bob.OneAsync()).Certificates.Single().Reason, Does.Contain("the key of"));
        Assert.That((await parties.Bob.InUseAsync(CertificateRole.Encrypt)).Single().Thumbprint, Is.EqualTo(renewed.Thumbprint));
    }

    [Test]
    public async Task another_key_under_the_same_signature_waits_for_a_person()
    {
        using var parties = new ExchangingParties(null, Automatic);
        await parties.OfferAsync();
        Assert.That((await parties.Bob.OneAsync()).IsWaiting, Is.True);
        Assert.That(parties.Bob.Posts, Is.Empty);
    }

    [TestCase("CN=alice, O=ACME", ExchangeStatus.Accepted)]
    [TestCase("CN=somebody, O=ACME", ExchangeStatus.Waiting)]
    public async Task what_an_agreed_issuer_vouches_for_is_accepted_by_itself_for_its_subject_alone(string subject, ExchangeStatus status)
    {
        using var parties = new ExchangingParties(null, Automatic);
        var (authority, issued) = Issue(subject, parties.Time.GetUtcNow());
        parties.Bob.Certificates = parties.Bob.Certificates with { Verify = [.. parties.Bob.Certificates.Verify, new As2Certificate(authority) { TrustedSubject = "CN=alice, O=ACME" }] };
        await parties.Alice.SendAsync(Offers.Request(issued), Offers.Part(issued));
        await parties.SettleAsync();
        Assert.That((await parties.Bob.OneAsync()).Certificates.Single().Status, Is.EqualTo(status));
    }

    [Test]
    public async Task an_offer_whose_RespondByDate_is_over_waits_for_a_person_who_may_still_accept()
    {
        using var parties = new ExchangingParties(null, Automatic);
        var renewed = Renew(TestKeys.Rsa("alice"), parties.Time.GetUtcNow());
        await parties.Alice.SendAsync(Offers.Request(renewed, r => r.With(t => t with { RespondBy = parties.Time.GetUtcNow().AddDays(-1) })), Offers.Part(renewed));
        await parties.SettleAsync();
        Assert.That((await parties.Bob.OneAsync()).IsWaiting, Is.True);
        await parties.DecideAsync(accept: true);
        Assert.That((await parties.Bob.InUseAsync(CertificateRole.Encrypt)).Single().Thumbprint, Is.EqualTo(renewed.Thumbprint));
    }

    [TestCase(CertificateUsage.TlsServer)]
    [TestCase(CertificateUsage.TlsClient)]
    public async Task a_certificate_for_TLS_serves_there_and_nowhere_else(CertificateUsage usage)
    {
        using var parties = new ExchangingParties(null, Automatic);
        await parties.OfferAsync(new ExchangeOffer { Usages = [usage] });
        Assert.That((await parties.Bob.OneAsync()).IsWaiting, Is.True, "a person decides");
        await parties.DecideAsync(accept: true);
        Assert.That((await parties.Alice.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Accepted));

        Assert.That(await parties.Bob.InUseAsync(CertificateRole.TlsServer), Is.Empty, "public trust stays");
        parties.Bob.Certificates = parties.Bob.Certificates with { TlsServer = [TestKeys.Rsa("alice")] };
        CertificateRole[] roles = [CertificateRole.Encrypt, CertificateRole.Verify, CertificateRole.TlsServer];
        Assert.That(await HoldingAsync(parties.Bob, roles), Is.EqualTo(usage == CertificateUsage.TlsServer ? new[] { CertificateRole.TlsServer } : []));
        roles = [CertificateRole.Sign, CertificateRole.SignReceipt, CertificateRole.TlsClient];
        Assert.That(await HoldingAsync(parties.Alice, roles), Is.EqualTo(usage == CertificateUsage.TlsClient ? new[] { CertificateRole.TlsClient } : []));

        async Task<List<CertificateRole>> HoldingAsync(Party party, CertificateRole[] among)
        {
            var holding = new List<CertificateRole>();
            foreach (var role in among)
            {
                if ((await party.InUseAsync(role)).Any(c => c.Thumbprint == parties.New.Thumbprint))
                    holding.Add(role);
            }
            return holding;
        }
    }

    [Test]
    public async Task what_is_decided_is_not_decided_again_but_can_be_taken_back()
    {
        using var parties = new ExchangingParties();
        await parties.OfferAsync();
        await parties.DecideAsync(accept: true);
        Assert.That(Assert.ThrowsAsync<As2Exception>(() => parties.DecideAsync(accept: true))!.Id, Is.EqualTo("AS2-CEM-005"));
        await parties.DecideAsync(accept: false, "stolen");
        Assert.That((await parties.Bob.InUseAsync(CertificateRole.Verify)).Select(c => c.Thumbprint), Has.None.EqualTo(parties.New.Thumbprint));
        Assert.That(parties.Bob.Posts, Has.Count.EqualTo(1), "it was answered before");
        var ours = (await parties.Alice.OneAsync()).Id;
        Assert.That(Assert.ThrowsAsync<As2Exception>(async () => await parties.Alice.Desk.DecideAsync(ours, true, null, default))!.Id, Is.EqualTo("AS2-CEM-005"));
    }

    [Test]
    public async Task an_offer_is_made_once_and_can_be_withdrawn()
    {
        using var parties = new ExchangingParties();
        var offer = await parties.OfferAsync();
        parties.Time.Advance(TimeSpan.FromHours(1));
        Assert.That(Assert.ThrowsAsync<As2Exception>(() => parties.OfferAsync())!.Id, Is.EqualTo("AS2-CEM-003"));
        await parties.Alice.Desk.DecideAsync(offer.Id, accept: false, "a mistake", default);
        await parties.OfferAsync();
        Assert.That((await parties.Alice.Exchanges.ListAsync(default)).Select(e => e.Certificates[0].Status), Is.EqualTo(new[] { ExchangeStatus.Rejected, ExchangeStatus.Waiting }));
    }

    [Test]
    public void what_cannot_be_offered_is_said()
    {
        using var parties = new ExchangingParties(p => p with { Exchange = p.Exchange with { ResponseUrl = null } });
        As2Exception Offer(As2Identifier partner) => Assert.ThrowsAsync<As2Exception>(async () => await parties.Alice.Desk.OfferAsync(parties.Alice.Agreement.Local, partner, null, default))!;
        Assert.That(Offer(new As2Identifier("nobody")).Id, Is.EqualTo("AS2-CEM-001"));
        Assert.That(Offer(parties.Alice.Agreement.Partner).Id, Is.EqualTo("AS2-CEM-006"));
        Assert.That(Assert.ThrowsAsync<As2Exception>(async () => await parties.Bob.Desk.OfferAsync(parties.Bob.Agreement.Local, parties.Bob.Agreement.Partner, null, default))!.Id, Is.EqualTo("AS2-CEM-002"));
        Assert.That(Assert.ThrowsAsync<As2Exception>(async () => await parties.Bob.Desk.DecideAsync("unknown", true, null, default))!.Id, Is.EqualTo("AS2-CEM-004"));
    }

    /// <summary>At each save of either side once: whoever made it died before it was durable, or right after.</summary>
    [Test]
    public async Task a_crash_at_any_step_doubles_and_loses_nothing([Range(1, 4)] int step, [Values] bool atAlice, [Values] bool wasSaved)
    {
        var crashing = new CrashingStore(step, wasSaved);
        using var parties = new ExchangingParties(alices: atAlice ? crashing : null, bobs: atAlice ? null : crashing);
        await SurviveAsync(() => parties.OfferAsync());
        await SettleAsync(parties);
        await SurviveAsync(() => parties.DecideAsync(accept: true));
        await SettleAsync(parties);

        Assert.That((await parties.Alice.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Accepted));
        Assert.That((await parties.Bob.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Accepted));
        Assert.That((parties.Alice.Posts.Count, parties.Bob.Posts.Count), Is.EqualTo((1, 1)), "each message left once");
        Assert.That((await parties.Alice.OneAsync()).SentMessage, Is.Not.Null);
        Assert.That((await parties.Bob.OneAsync()).SentMessage, Is.Not.Null);
    }

    [Test]
    public async Task a_request_that_comes_again_is_answered_again()
    {
        using var parties = new ExchangingParties();
        foreach (var posts in (int[])[1, 2])
        {
            await parties.Alice.SendAsync(Offers.Request(parties.New), Offers.Part(parties.New));
            await parties.SettleAsync();
            if (posts == 1)
                await parties.DecideAsync(accept: true);
            Assert.That(parties.Bob.Posts, Has.Count.EqualTo(posts));
        }
        Assert.That((await parties.Bob.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Accepted));
    }

    private static async Task SettleAsync(ExchangingParties parties)
    {
        await SurviveAsync(parties.SettleAsync);
        parties.Time.Advance(TimeSpan.FromMinutes(2));
        await parties.SettleAsync();
    }

    private static async Task SurviveAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (As2Exception e) when (e.Message == CrashingStore.Death)
        {
            // Whoever was not told that it was done does it again, and may hear that it is done.
            try
            {
                await work();
            }
            catch (As2Exception done) when (done.Id is "AS2-CEM-003" or "AS2-CEM-005")
            {
            }
        }
    }

    private static As2Certificate Renew(As2Certificate old, DateTimeOffset now)
    {
        var request = new CertificateRequest(old.Certificate.SubjectName, old.RsaPrivateKey!, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return new As2Certificate(request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1)));
    }

    private static (X509Certificate2 Authority, As2Certificate Issued) Issue(string subject, DateTimeOffset now)
    {
        using var root = RSA.Create(2048);
        var authority = new CertificateRequest("CN=authority", root, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var issuer = authority.CreateSelfSigned(now.AddDays(-2), now.AddYears(2));
        using var key = RSA.Create(2048);
        var leaf = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return (issuer, new As2Certificate(leaf.Create(issuer, now.AddDays(-1), now.AddYears(1), [1, 2, 3])));
    }

    /// <summary>Dies once at its n-th save, before or after it.</summary>
    private sealed class CrashingStore(int step, bool wasSaved) : IExchangeStore
    {
        public const string Death = "the process died";

        private readonly InMemoryExchangeStore _store = new();
        private int _saves;

        public ValueTask<IReadOnlyList<Exchange>> ListAsync(CancellationToken cancellationToken) => _store.ListAsync(cancellationToken);

        public async ValueTask<bool> SaveAsync(Exchange exchange, CancellationToken cancellationToken)
        {
            if (++_saves != step)
                return await _store.SaveAsync(exchange, cancellationToken);
            if (wasSaved)
                await _store.SaveAsync(exchange, cancellationToken);
            throw new As2Exception("AS2-TEST-001", Death);
        }
    }
}
