using As2.Agreements;
using As2.CertificateExchange;
using As2.Certificates;
using As2.Core.Tests.Layers;
using As2.Headers;
using As2.Payloads;
using As2.Receipts;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.CertificateExchange;

/// <summary>What a partner may get wrong, or try: nothing of it is applied, and everything is told.</summary>
public sealed class ExchangeRefusalTests
{
    private static As2Certificate New => TestKeys.Rsa(ExchangingParties.NewName);

    [TestCase(false, "processed/error: insufficient-message-security")]
    [TestCase(true, "processed/error: decryption-failed", Description = "inside CBC, 'not signed' would be an oracle")]
    [Rfc("draft-meadors-certificate-exchange-14", "what is not to be trusted")]
    public async Task unsigned_it_is_refused_even_where_unsigned_messages_pass(bool encrypt, string disposition)
    {
        using var parties = new ExchangingParties(
            alice => alice with { Sending = new SecurityAgreement { Sign = false, Encrypt = encrypt } },
            bob => bob with { Receiving = new SecurityRequirements { RequireSigned = false, RequireEncrypted = false }, Exchange = bob.Exchange with { Acceptance = ExchangeAcceptance.Automatic } });
        var refused = await parties.Alice.SendAsync(Offers.Request(New), Offers.Part(New));
        Assert.That(refused.Disposition.ToString(), Is.EqualTo(disposition));
        await parties.SettleAsync();
        Assert.That(await parties.Bob.Exchanges.ListAsync(default), Is.Empty);
        Assert.That((await parties.Alice.SendAsync("an order")).State, Is.EqualTo(MessageState.Acknowledged), "other unsigned messages pass");
    }

    [Test]
    public async Task signed_by_a_stranger_it_is_refused()
    {
        using var parties = new ExchangingParties();
        parties.Alice.Certificates = parties.Alice.Certificates with { Sign = [TestKeys.Rsa("mallory")] };
        var refused = await parties.Alice.SendAsync(Offers.Request(New), Offers.Part(New));
        Assert.That(refused.State, Is.Not.EqualTo(MessageState.Acknowledged));
        await parties.SettleAsync();
        Assert.That(await parties.Bob.Exchanges.ListAsync(default), Is.Empty);
    }

    [Test]
    public async Task where_it_is_off_the_message_is_delivered_like_any_other()
    {
        using var parties = new ExchangingParties(null, bob => bob with { Exchange = new ExchangeAgreement() });
        await parties.Alice.SendAsync(Offers.Request(New), Offers.Part(New));
        await parties.SettleAsync();
        Assert.That(await parties.Bob.Exchanges.ListAsync(default), Is.Empty);
        Assert.That(parties.Bob.Inbox.Single(), Does.Contain("EDIINTCertificateExchangeRequest"));
        Assert.That((await parties.Bob.SendAsync("invoice")).State, Is.EqualTo(MessageState.Acknowledged));
        Assert.That(parties.Bob.Posts.Last().Headers["EDIINT-Features"], Does.Not.Contain("CEM"));
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("the name of somebody else", r => r with { Name = "carol" }, "names 'carol'");
        yield return Case("the name in another case", r => r with { Name = "Alice" }, "names 'Alice'");
        yield return Case("an unknown Content-ID", r => r.With(t => t with { EndEntity = t.EndEntity with { ContentId = "other@alice" } }), "Content-ID 'other@alice'");
        yield return Case("another serial number", r => r.With(t => t with { EndEntity = t.EndEntity with { Certificate = t.EndEntity.Certificate with { SerialNumber = "1" } } }), "does not hold");
        yield return Case("another issuer", r => r.With(t => t with { EndEntity = t.EndEntity with { Certificate = t.EndEntity.Certificate with { Issuer = "CN=other" } } }), "does not hold");
        yield return Case("no usage", r => r.With(t => t with { Usages = [] }), "what the certificate is for");
    }

    /// <summary>The one that is wrong is rejected, with the reason, in an answer to the partner.</summary>
    [TestCaseSource(nameof(Wrong))]
    [Rfc("draft-meadors-certificate-exchange-14", "what is not to be trusted")]
    public async Task a_request_that_is_wrong_is_rejected(Func<object, object> adapt, string because)
    {
        using var parties = new ExchangingParties(null, bob => bob with { Exchange = bob.Exchange with { Acceptance = ExchangeAcceptance.Automatic } });
        await parties.Alice.SendAsync(Offers.Request(TestKeys.Rsa("alice"), r => (ExchangeRequest)adapt(r)), Offers.Part(TestKeys.Rsa("alice")));
        await parties.SettleAsync();
        var rejected = (await parties.Bob.OneAsync()).Certificates.Single();
        Assert.That((rejected.Status, rejected.Reason), Is.EqualTo((ExchangeStatus.Rejected, rejected.Reason)));
        Assert.That(rejected.Reason, Does.Contain(because));
        Assert.That(parties.Bob.Posts, Has.Count.EqualTo(1), "it is answered");
        Assert.That((await parties.Bob.InUseAsync(CertificateRole.Verify)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task an_expired_certificate_is_rejected()
    {
        using var parties = new ExchangingParties();
        var ended = CertificateFactory.CreateSelfSigned("ended", parties.Time.GetUtcNow().AddDays(-10), TimeSpan.FromDays(9), CertificateKeyKind.P256);
        await parties.Alice.SendAsync(Offers.Request(ended), Offers.Part(ended));
        await parties.SettleAsync();
        Assert.That((await parties.Bob.OneAsync()).Certificates.Single().Reason, Does.Contain("ended on"));
    }

    [TestCase("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "DTD")]
    [TestCase("no XML at all", "cannot be read")]
    [TestCase("<a xmlns=\"urn:other\"/>", "namespace")]
    public async Task what_cannot_be_read_changes_nothing_and_is_an_alert(string xml, string because)
    {
        using var parties = new ExchangingParties();
        Assert.That((await parties.Alice.SendAsync(Offers.Xml(xml.Octets()), Offers.Part(New))).State, Is.EqualTo(MessageState.Acknowledged), "the receipt is for the transport");
        await parties.SettleAsync();
        Assert.That(await parties.Bob.Exchanges.ListAsync(default), Is.Empty);
        Assert.That(await parties.Bob.AlertsAsync(), Has.One.Contains(because));
        Assert.That(parties.Bob.Posts, Is.Empty);
        Assert.That(parties.Bob.Inbox, Is.Empty);
    }

    [Test]
    public async Task trailing_octets_are_taken_off()
    {
        using var parties = new ExchangingParties();
        await parties.Alice.SendAsync(Offers.Xml([.. await Offers.Request(New).OctetsAsync(), .. "\r\n\0\0"u8]), Offers.Part(New));
        await parties.SettleAsync();
        Assert.That((await parties.Bob.OneAsync()).IsWaiting, Is.True);
    }

    [Test]
    [Rfc("draft-meadors-certificate-exchange-14", "what is not to be trusted")]
    public async Task an_answer_to_what_was_never_asked_is_an_alert()
    {
        using var parties = new ExchangingParties();
        await parties.Alice.SendAsync(Offers.Response("nobody asked", New, accept: true));
        await parties.SettleAsync();
        Assert.That(await parties.Bob.AlertsAsync(), Has.One.Contains("'nobody asked'"));
        Assert.That(await parties.Bob.Exchanges.ListAsync(default), Is.Empty);
    }

    [TestCase("bob", true, "does not hold", TestName = "an answer for another certificate decides nothing")]
    [TestCase(ExchangingParties.NewName, false, "names 'carol'", TestName = "an answer in another name decides nothing")]
    public async Task a_wrong_answer_decides_nothing(string certificate, bool rightName, string because)
    {
        using var parties = new ExchangingParties();
        var offer = await parties.OfferAsync();
        await parties.Bob.SendAsync(Offers.Response(offer.RequestId, TestKeys.Rsa(certificate), accept: true, rightName ? "bob" : "carol"));
        await parties.SettleAsync();
        Assert.That((await parties.Alice.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Waiting));
        Assert.That(await parties.Alice.AlertsAsync(), Has.One.Contains(because));
    }

    [Test]
    public async Task the_first_answer_stays()
    {
        using var parties = new ExchangingParties();
        var offer = await parties.OfferAsync();
        await parties.DecideAsync(accept: true);
        await parties.Bob.SendAsync(Offers.Response(offer.RequestId, New, accept: false, "bob"));
        await parties.SettleAsync();
        Assert.That((await parties.Alice.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Accepted));
        Assert.That(await parties.Alice.AlertsAsync(), Has.One.Contains("contradicts"));
    }

    /// <summary>mendelson takes the XML without a multipart around it, and may send it so.</summary>
    [Test]
    public async Task a_response_without_a_multipart_around_it_counts()
    {
        using var parties = new ExchangingParties();
        var offer = await parties.OfferAsync();
        var options = LayerWriting.Options(new SecurityAgreement(), TestKeys.Rsa("alice")) with { Signer = TestKeys.Rsa("bob"), Now = parties.Time.GetUtcNow() };
        var message = LayerWriting.Of(options, await Offers.Response(offer.RequestId, New, accept: true, "bob").OctetsAsync(), header: new PayloadHeader { ContentType = ExchangeMedia.Xml });
        var headers = new HeaderFields { { "AS2-From", "bob" }, { "AS2-To", "alice" }, { "Message-ID", "<1@bob>" } };
        foreach (var (name, value) in message.Headers)
            headers.Add(name, value);
        var answer = await parties.Alice.Receiver.ReceiveAsync(new As2Request { Headers = headers, Body = new MemoryStream(message.Body), ContentLength = message.Body.Length }, default);
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Accepted), answer.Diagnosis);
        await parties.SettleAsync();
        Assert.That((await parties.Alice.OneAsync()).Certificates.Single().Status, Is.EqualTo(ExchangeStatus.Accepted));
    }

    [Test]
    public async Task the_same_requestId_for_another_certificate_is_not_taken()
    {
        using var parties = new ExchangingParties();
        await parties.Alice.SendAsync(Offers.Request(New), Offers.Part(New));
        await parties.SettleAsync();
        await parties.Alice.SendAsync(Offers.Request(TestKeys.Rsa("mallory")), Offers.Part(TestKeys.Rsa("mallory")));
        await parties.SettleAsync();
        Assert.That((await parties.Bob.OneAsync()).Certificates.Single().Thumbprint, Is.EqualTo(New.Thumbprint));
        Assert.That(await parties.Bob.AlertsAsync(), Has.One.Contains("used before"));
    }

    private static TestCaseData Case(string name, Func<ExchangeRequest, ExchangeRequest> adapt, string because)
        => new TestCaseData((Func<object, object>)(r => adapt((ExchangeRequest)r)), because).SetArgDisplayNames(name);
}
