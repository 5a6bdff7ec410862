using As2.Agreements;
using As2.CertificateExchange;
using As2.Certificates;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.CertificateExchange;

/// <summary>A certificate's successor by messages, through both walks: offer, decision, and what each side uses when.</summary>
public sealed class RollOverByExchangeTests
{
    [Test]
    [Rfc("draft-meadors-certificate-exchange-14", "request and response")]
    public async Task an_offer_that_is_accepted_replaces_the_certificate_without_a_meeting()
    {
        using var parties = new ExchangingParties();
        var (alice, bob, old) = (parties.Alice, parties.Bob, TestKeys.Rsa("alice"));

        await parties.OfferAsync();
        Assert.That((await bob.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Waiting));
        Assert.That(await bob.AlertsAsync(), Has.One.Contains(parties.New.Thumbprint));
        Assert.That((await alice.InUseAsync(CertificateRole.Decrypt)).Select(c => c.Thumbprint), Is.EquivalentTo(new[] { old.Thumbprint, parties.New.Thumbprint }));
        Assert.That((await alice.InUseAsync(CertificateRole.Sign)).Single().Thumbprint, Is.EqualTo(old.Thumbprint));
        Assert.That((await bob.InUseAsync(CertificateRole.Encrypt)).Single().Thumbprint, Is.EqualTo(old.Thumbprint));

        await parties.DecideAsync(accept: true);
        Assert.That((await alice.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Accepted));
        Assert.That((await alice.InUseAsync(CertificateRole.Sign)).Single().Thumbprint, Is.EqualTo(parties.New.Thumbprint));
        Assert.That((await alice.InUseAsync(CertificateRole.SignReceipt)).Single().Thumbprint, Is.EqualTo(parties.New.Thumbprint));
        Assert.That((await bob.InUseAsync(CertificateRole.Encrypt)).Single().Thumbprint, Is.EqualTo(parties.New.Thumbprint));

        Assert.That((await alice.SendAsync("order")).State, Is.EqualTo(MessageState.Acknowledged));
        var invoice = await bob.SendAsync("invoice");
        Assert.That(invoice.State, Is.EqualTo(MessageState.Acknowledged), invoice.Reason);
        Assert.That(invoice.Receipt!.Signer!.Thumbprint, Is.EqualTo(parties.New.Thumbprint));
        await parties.SettleAsync();
        Assert.That((string[])[.. bob.Inbox, .. alice.Inbox], Is.EqualTo(new[] { "order", "invoice" }));
    }

    [Test]
    [Rfc("draft-meadors-certificate-exchange-14", "signature certificates")]
    public async Task the_old_certificate_stays_for_late_messages()
    {
        using var parties = new ExchangingParties();
        await parties.OfferAsync();
        await parties.DecideAsync(accept: true);

        // Alice's other system, and Bob's, have not heard of it: both still use the old one.
        parties.Alice.Certificates = parties.Alice.Certificates with { Offer = [] };
        Assert.That((await parties.Alice.SendAsync("late order")).State, Is.EqualTo(MessageState.Acknowledged));
        parties.Alice.Certificates = parties.Alice.Certificates with { Offer = [parties.New] };
        await parties.Bob.Desk.DecideAsync((await parties.Bob.OneAsync()).Id, accept: false, "taken back", default);
        await parties.Bob.WorkAsync();
        Assert.That((await parties.Bob.InUseAsync(CertificateRole.Encrypt)).Single().Thumbprint, Is.EqualTo(TestKeys.Rsa("alice").Thumbprint));
        await parties.Bob.SendAsync("late invoice");
        await parties.SettleAsync();
        Assert.That(parties.Alice.Inbox, Is.EqualTo(new[] { "late invoice" }));
    }

    /// <summary>The race of DGI-1Q09#17: the partner uses the new certificate before it got our receipt of its answer, or even our answer.</summary>
    [Test]
    [Rfc("draft-meadors-certificate-exchange-14", "encryption certificates")]
    public async Task both_sides_are_ready_before_their_message_leaves()
    {
        using var parties = new ExchangingParties();
        var (alice, bob) = (parties.Alice, parties.Bob);
        var early = new List<SendResult>();
        // When the offer leaves, Bob may encrypt to the new certificate at once.
        alice.BeforePost = async () =>
        {
            alice.BeforePost = null;
            bob.Certificates = bob.Certificates with { Encrypt = [TestKeys.PublicOf(parties.New)] };
            early.Add(await bob.SendAsync("encrypted to the new one"));
            bob.Certificates = bob.Certificates with { Encrypt = [TestKeys.PublicOf(TestKeys.Rsa("alice"))] };
        };
        await parties.OfferAsync();
        // When the acceptance leaves, Alice may sign with the new one at once.
        bob.BeforePost = async () =>
        {
            bob.BeforePost = null;
            alice.Certificates = alice.Certificates with { Sign = [parties.New] };
            early.Add(await alice.SendAsync("signed with the new one"));
        };
        await parties.DecideAsync(accept: true);

        Assert.That(early.Select(e => e.State), Is.EqualTo(new[] { MessageState.Acknowledged, MessageState.Acknowledged }), () => string.Join("; ", early.Select(e => e.Reason)));
    }

    [Test]
    public async Task a_rejected_certificate_signs_nothing_and_nothing_is_encrypted_to_it()
    {
        using var parties = new ExchangingParties();
        await parties.OfferAsync();
        await parties.DecideAsync(accept: false, "fingerprint differs");

        var offer = (await parties.Alice.OneAsync()).Certificates.Single();
        Assert.That((offer.Status, offer.Reason), Is.EqualTo((ExchangeStatus.Rejected, "fingerprint differs")));
        Assert.That(await parties.Alice.AlertsAsync(), Has.One.Contains("fingerprint differs"));
        Assert.That((await parties.Alice.InUseAsync(CertificateRole.Sign)).Single().Thumbprint, Is.EqualTo(TestKeys.Rsa("alice").Thumbprint));
        Assert.That((await parties.Bob.InUseAsync(CertificateRole.Encrypt)).Single().Thumbprint, Is.EqualTo(TestKeys.Rsa("alice").Thumbprint));
        Assert.That((await parties.Bob.InUseAsync(CertificateRole.Verify)).Select(c => c.Thumbprint), Is.EqualTo(new[] { TestKeys.Rsa("alice").Thumbprint }));
    }

    [Test]
    public async Task nothing_of_it_reaches_the_customer_and_it_is_announced_in_every_message()
    {
        using var parties = new ExchangingParties();
        await parties.OfferAsync();
        await parties.DecideAsync(accept: true);

        Assert.That(parties.Bob.Inbox.Concat(parties.Alice.Inbox), Is.Empty);
        foreach (var (headers, _) in parties.Alice.Posts.Concat(parties.Bob.Posts))
        {
            Assert.That(headers["EDIINT-Features"], Is.EqualTo("multiple-attachments, AS2-Reliability, CEM"));
            Assert.That(headers["AS2-Version"], Is.EqualTo("1.2"));
        }
        Assert.That((parties.Alice.Posts.Count, parties.Bob.Posts.Count), Is.EqualTo((1, 1)));
    }

    [TestCase(false, ExchangeStatus.Unanswered)]
    [TestCase(true, ExchangeStatus.Rejected)]
    [Rfc("draft-meadors-certificate-exchange-14", "signature certificates")]
    public async Task when_RespondByDate_passed_the_new_one_signs_until_it_is_rejected(bool rejected, ExchangeStatus status)
    {
        using var parties = new ExchangingParties();
        await parties.OfferAsync(new ExchangeOffer { RespondBy = parties.Time.GetUtcNow().AddDays(3) });
        parties.Time.Advance(TimeSpan.FromDays(2));
        await parties.SettleAsync();
        Assert.That((await parties.Alice.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Waiting));
        parties.Time.Advance(TimeSpan.FromDays(2));
        await parties.SettleAsync();
        Assert.That(await parties.Alice.AlertsAsync(), Has.One.Contains("did not answer"));
        if (rejected)
            await parties.DecideAsync(accept: false);

        Assert.That((await parties.Alice.OneAsync()).Certificates.Single().Status, Is.EqualTo(status));
        Assert.That((await parties.Alice.InUseAsync(CertificateRole.Sign)).Single().Thumbprint == parties.New.Thumbprint, Is.EqualTo(!rejected));
    }

    /// <summary>A partner that never got the offer cannot have let its date pass.</summary>
    [Test]
    public async Task an_offer_that_never_arrived_does_not_lapse()
    {
        using var parties = new ExchangingParties(null, bob => bob with { Partner = new As2Identifier("somebody else") });
        await parties.OfferAsync(new ExchangeOffer { RespondBy = parties.Time.GetUtcNow().AddDays(1) });
        parties.Time.Advance(TimeSpan.FromDays(2));
        await parties.SettleAsync();
        Assert.That((await parties.Alice.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Waiting));
    }

    /// <summary>Each partner has its own state.</summary>
    [Test]
    public async Task who_was_not_asked_still_gets_the_old_signature()
    {
        using var parties = new ExchangingParties();
        var carol = parties.Alice.Agreement with { Partner = new As2Identifier("carol"), Endpoint = new Uri("http://carol.invalid/as2") };
        await parties.OfferAsync();
        await parties.DecideAsync(accept: true);
        parties.Alice.Book.Add(carol, parties.Alice.Certificates);
        var signers = await parties.Alice.InUseAsync(CertificateRole.Sign, carol);
        Assert.That(signers.Single().Thumbprint, Is.EqualTo(TestKeys.Rsa("alice").Thumbprint));
    }
}
