using As2.Agreements;
using As2.Storage;
using ManagedGateway.Operations.Messages;

namespace As2.Gateway.Tests.Operations;

/// <summary>What the console says of a message in words.</summary>
public sealed class MessageWordsTests
{
    private static StoredMessage Message(MessageDirection direction, MessageState state, string security) => new()
    {
        Id = "01a2", MessageId = "<4711@us>", Key = new MessageKey(direction, new As2Identifier("US"), new As2Identifier("THEM"), "4711@us"), State = state, Security = security,
        Mics = ["q1w2, sha-256"], Disposition = "automatic-action/MDN-sent-automatically; processed", Diagnosis = "the partner hashed other octets",
    };

    [Test]
    public void layers_stand_from_the_outermost_inwards_on_both_ways()
    {
        var found = LayerWords.Of(Message(MessageDirection.Inbound, MessageState.Delivered, "encrypted aes256-cbc, RSA PKCS#1 v1.5, signed sha-256, RSA PKCS#1, compressed"));
        var applied = LayerWords.Of(Message(MessageDirection.Outbound, MessageState.Acknowledged, "compressed, signed sha-256, encrypted aes256-cbc"));
        Assert.Multiple(() =>
        {
            Assert.That(found, Is.EqualTo([new LayerLine("encrypted aes256-cbc", "RSA PKCS#1 v1.5"), new LayerLine("signed sha-256", "RSA PKCS#1"), new LayerLine("compressed", "")]));
            Assert.That(applied.Select(l => l.Name), Is.EqualTo(["encrypted aes256-cbc", "signed sha-256", "compressed"]));
            Assert.That(LayerWords.Of(Message(MessageDirection.Outbound, MessageState.Submitted, "")), Is.Empty);
        });
    }

    [TestCase(MessageDirection.Outbound, MessageState.MicMismatch)]
    [TestCase(MessageDirection.Outbound, MessageState.Rejected)]
    [TestCase(MessageDirection.Outbound, MessageState.Expired)]
    [TestCase(MessageDirection.Outbound, MessageState.Suspended)]
    [TestCase(MessageDirection.Inbound, MessageState.Refused)]
    public void a_note_names_what_the_partner_needs_to_find_the_message(MessageDirection direction, MessageState state)
    {
        var note = PartnerNote.Of(Message(direction, state, "signed sha-256"))!;
        var (from, to) = direction == MessageDirection.Outbound ? ("US", "THEM") : ("THEM", "US");
        Assert.That(note, Does.Contain("<4711@us>").And.Contain($"AS2-From: {from}").And.Contain($"AS2-To: {to}").And.Contain("q1w2, sha-256").And.Contain("the partner hashed other octets"));
    }

    [TestCase(MessageState.Acknowledged)]
    [TestCase(MessageState.Sending)]
    [TestCase(MessageState.Cancelled)]
    public void there_is_nothing_to_tell_of_what_went_well_or_goes_on(MessageState state)
        => Assert.That(PartnerNote.Of(Message(MessageDirection.Outbound, state, "")), Is.Null);
}
