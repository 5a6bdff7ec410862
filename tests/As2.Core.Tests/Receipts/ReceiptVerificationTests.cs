using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Receipts;

public sealed class ReceiptVerificationTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly MessageIntegrityCheck s_mic = Mic(DigestAlgorithm.Sha256, 1);

    private static readonly Partnership s_partnership = new() { Local = new("US"), Partner = new("THEM") };

    private static readonly StoredMessage s_sent = new()
    {
        Id = "1",
        Key = new(MessageDirection.Outbound, new("US"), new("THEM"), "1@us"),
        MessageId = "<1@us>",
        State = MessageState.Sending,
        Mics = [s_mic.ToString()],
    };

    private static readonly MessageDispositionNotification s_positive = new()
    {
        FinalRecipient = "THEM",
        OriginalMessageId = "<1@us>",
        Disposition = Disposition.Processed,
        Mic = s_mic,
    };

    private static As2Certificate Partner => TestKeys.Rsa("them");

    [Test]
    public void a_signed_positive_receipt_with_our_mic_confirms()
        => Assert.That(Verify(s_positive).Outcome, Is.EqualTo(ReceiptOutcome.Confirmed));

    [Rfc("4130", "7.5.5")]
    [Test]
    public void a_warning_confirms_and_is_told()
    {
        var verdict = Verify(s_positive with { Disposition = Disposition.DuplicateDocument, OriginalMessageId = "1@us" });
        Assert.That(verdict.Outcome, Is.EqualTo(ReceiptOutcome.Confirmed));
        Assert.That(verdict.Reason, Does.Contain("duplicate-document"));
    }

    [Rfc("4130", "7.4.3")]
    [Test]
    public void another_mic_is_a_mismatch_unless_agreed_otherwise()
    {
        var other = s_positive with { Mic = Mic(DigestAlgorithm.Sha256, 2) };
        Assert.That(Verify(other).Outcome, Is.EqualTo(ReceiptOutcome.MicMismatch));
        Assert.That(Verify(other, quirks: PartnerQuirk.AcceptMicMismatch).Outcome, Is.EqualTo(ReceiptOutcome.Confirmed));
        Assert.That(Verify(s_positive with { Mic = Mic(DigestAlgorithm.Sha1, 1) }).Reason, Does.Contain("cannot be compared"));
    }

    [Test]
    public void a_signed_receipt_without_a_mic_proves_nothing_unless_agreed_otherwise()
    {
        var bare = s_positive with { Mic = null };
        Assert.That(Verify(bare).Outcome, Is.EqualTo(ReceiptOutcome.MicMismatch));
        Assert.That(Verify(bare, quirks: PartnerQuirk.AcceptMissingMic).Outcome, Is.EqualTo(ReceiptOutcome.Confirmed));
    }

    [Test]
    public void a_refusal_is_negative()
        => Assert.That(Verify(s_positive with { Disposition = Disposition.DecryptionFailed, Mic = null }).Outcome, Is.EqualTo(ReceiptOutcome.Negative));

    [Rfc("4130", "5.3.3")]
    [Test]
    public void a_receipt_for_another_message_is_not_for_this()
        => Assert.That(Verify(s_positive with { OriginalMessageId = "<2@us>" }).Outcome, Is.EqualTo(ReceiptOutcome.NotForThis));

    [Test]
    public void a_forged_receipt_is_not_trusted()
        => Assert.That(Verify(s_positive, TestKeys.Rsa("mallory")).Outcome, Is.EqualTo(ReceiptOutcome.NotTrusted));

    [Test]
    public void a_receipt_stripped_of_its_signature_is_not_trusted()
    {
        var stripped = ReceiptWriter.Write(s_positive, null, DigestAlgorithm.Sha256, s_now);
        Assert.That(Verify(stripped).Outcome, Is.EqualTo(ReceiptOutcome.NotTrusted));
        Assert.That(Verify(stripped, new ReceiptAgreement { Requirement = ReceiptRequirement.Unsigned }).Outcome, Is.EqualTo(ReceiptOutcome.Confirmed));
    }

    [Test]
    public void an_altered_receipt_is_not_trusted()
    {
        var written = ReceiptWriter.Write(s_positive with { Disposition = Disposition.DecryptionFailed }, Partner, DigestAlgorithm.Sha256, s_now);
        var altered = System.Text.Encoding.ASCII.GetString(written.Body.Span)
            .Replace("processed/error: decryption-failed", "processed                         ", StringComparison.Ordinal);
        Assert.That(Verify(written with { Body = System.Text.Encoding.ASCII.GetBytes(altered) }).Outcome, Is.EqualTo(ReceiptOutcome.NotTrusted));
    }

    [Test]
    public void a_page_is_unreadable()
    {
        var page = new Receipt { Headers = new HeaderFields { { "Content-Type", "text/html" } }, Body = "<html>no</html>"u8.ToArray() };
        Assert.That(Verify(page).Outcome, Is.EqualTo(ReceiptOutcome.Unreadable));
        Assert.That(Verify(page with { Body = default }).Outcome, Is.EqualTo(ReceiptOutcome.Unreadable));
    }

    [Test]
    public void a_second_content_beside_the_signed_one_is_refused()
    {
        var written = ReceiptWriter.Write(s_positive, Partner, DigestAlgorithm.Sha256, s_now);
        var boundary = written.Headers[As2HeaderNames.ContentType]!.Split("boundary=")[1].Trim('"');
        var extra = System.Text.Encoding.ASCII.GetBytes($"--{boundary}\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: a/b; processed\r\n\r\n");
        Assert.That(Verify(written with { Body = (byte[])[.. extra, .. written.Body.Span] }).IsTrusted, Is.False);
    }

    [Test]
    public void another_final_recipient_is_only_a_remark()
    {
        var verdict = Verify(s_positive with { FinalRecipient = "SOMEBODY" });
        Assert.That(verdict.Outcome, Is.EqualTo(ReceiptOutcome.Confirmed));
        Assert.That(verdict.Reason, Does.Contain("SOMEBODY"));
    }

    private static ReceiptVerdict Verify(MessageDispositionNotification notification, As2Certificate? signer = null, params PartnerQuirk[] quirks)
        => ReceiptVerification.Verify(
            Read(ReceiptWriter.Write(notification, signer ?? Partner, DigestAlgorithm.Sha256, s_now)), s_sent, s_partnership with { Quirks = quirks.ToHashSet() });

    private static ReceiptVerdict Verify(Receipt written, ReceiptAgreement? agreement = null)
        => ReceiptVerification.Verify(Read(written), s_sent, s_partnership with { Receipt = agreement ?? new() });

    private static Receipt Read(Receipt written) => ReceiptReader.Read(written.Headers, written.Body, [TestKeys.PublicOf(Partner)], s_now);

    private static MessageIntegrityCheck Mic(DigestAlgorithm algorithm, byte first)
    {
        var digest = new byte[algorithm.Length];
        digest[0] = first;
        return new MessageIntegrityCheck(algorithm, digest);
    }
}
