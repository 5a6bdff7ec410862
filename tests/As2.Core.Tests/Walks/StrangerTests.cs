using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Storage;
using As2.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Core.Tests.Walks;

/// <summary>What a pair of names without an agreement hears, by each setting.</summary>
public sealed class StrangerTests
{
    private const string Signed = "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-256";

    [Rfc("4130", "6.2")]
    [TestCase(StrangerAnswer.UnknownTradingPartner, "processed/error: unknown-trading-partner")]
    [TestCase(StrangerAnswer.UnknownTradingRelationship, "processed/error: unknown-trading-relationship")]
    [TestCase(StrangerAnswer.Forbidden, null)]
    public async Task a_stranger_hears_what_the_settings_say_and_never_our_signature(StrangerAnswer setting, string? disposition)
    {
        var answer = await PostAsync(setting, (As2HeaderNames.DispositionNotificationTo, "x@x"), (As2HeaderNames.DispositionNotificationOptions, Signed));
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.TurnedAway));
        Assert.That(answer.StatusCode, Is.EqualTo(disposition is null ? 403 : 200));
        if (disposition is null)
        {
            Assert.That(answer.Body.Length, Is.Zero);
            return;
        }
        var receipt = Peer.ReceiptOf(answer);
        Assert.That(receipt.Notification!.Disposition.ToString(), Is.EqualTo(disposition));
        Assert.That((receipt.IsSigned, receipt.Notification.Mic), Is.EqualTo((false, (MessageIntegrityCheck?)null)));
    }

    [Test]
    public async Task a_stranger_who_asks_for_no_receipt_or_for_a_later_one_gets_403([Values] StrangerAnswer setting)
    {
        Assert.That((await PostAsync(setting)).StatusCode, Is.EqualTo(403));
        var later = await PostAsync(setting, (As2HeaderNames.DispositionNotificationTo, "x@x"), (As2HeaderNames.ReceiptDeliveryOption, "http://stranger.example/r"));
        Assert.That((later.StatusCode, later.Body.Length), Is.EqualTo((403, 0)));
    }

    private static async Task<ReceiveResult> PostAsync(StrangerAnswer setting, params (string Name, string Value)[] fields)
    {
        await using var store = new InMemoryStore(TimeProvider.System);
        var book = new PartnershipBook();
        var receiver = new As2Receiver(
            new PartnerServices(book, book), new StorageServices(store, store, store),
            Options.Create(new As2Options { StrangerAnswer = setting }), TimeProvider.System, NullLogger<As2Receiver>.Instance);
        var headers = new HeaderFields
        {
            { As2HeaderNames.As2From, "Stranger" }, { As2HeaderNames.As2To, "Bob" }, { As2HeaderNames.MessageId, "<1@stranger>" }, { As2HeaderNames.ContentType, "application/edifact" },
        };
        foreach (var (name, value) in fields)
            headers.Add(name, value);
        var answer = await receiver.ReceiveAsync(new As2Request { Headers = headers, Body = new MemoryStream("UNB"u8.ToArray()) }, default);
        Assert.That(await store.ListAsync(new MessageQuery(), default), Is.Empty);
        return answer;
    }
}
