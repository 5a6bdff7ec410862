using As2.Agreements;
using As2.Certificates;
using As2.Layers;
using As2.Receipts;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Receipts;

/// <summary>A receipt that was cut or altered anywhere ends in a verdict, and confirms nothing but what its sender wrote.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ReceiptDamageTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly MessageIntegrityCheck s_mic = new(DigestAlgorithm.Sha256, new byte[32]);

    private static readonly MessageDispositionNotification s_said = new()
    {
        FinalRecipient = "THEM",
        OriginalMessageId = "<1@us>",
        Disposition = Disposition.Processed,
        Mic = s_mic,
    };

    private static As2Certificate Partner => TestKeys.Ec("damage them");

    [Test]
    [Rfc("4130", "7.4.1")]
    public void every_flipped_bit_of_a_signed_receipt_confirms_only_what_was_signed()
    {
        var written = Write(Partner);
        var believed = Flips(written).Count(read => IsBelieved(read, ReceiptRequirement.Signed, mustBeAsSaid: true));
        TestContext.Out.WriteLine($"{written.Body.Length * 8} flipped bits of a signed receipt: {believed} believed, each as it was signed");
        Assert.That(believed, Is.LessThan(written.Body.Length * 8 / 2));
    }

    [Test]
    public void every_truncation_of_a_signed_receipt_but_of_its_last_line_end_confirms_nothing()
    {
        var written = Write(Partner);
        for (var length = 0; length < written.Body.Length; length++)
        {
            if (IsBelieved(Read(written, written.Body[..length]), ReceiptRequirement.Signed, mustBeAsSaid: true))
                Assert.That(written.Body.Length - length, Is.LessThanOrEqualTo(120), "only the delimiter at the end may be missing");
        }
    }

    [Test]
    public void an_unsigned_receipt_is_never_believed_where_a_signed_one_was_asked_for_and_always_read_without_fail()
    {
        var written = Write(null);
        var readings = Flips(written).Concat(Enumerable.Range(0, written.Body.Length).Select(length => Read(written, written.Body[..length]))).ToList();
        TestContext.Out.WriteLine($"{readings.Count} damaged unsigned receipts");
        Assert.That(readings.Count(read => IsBelieved(read, ReceiptRequirement.Signed, mustBeAsSaid: false)), Is.Zero);
        Assert.That(readings.Count(read => IsBelieved(read, ReceiptRequirement.Unsigned, mustBeAsSaid: false)), Is.Positive);
    }

    private static Receipt Write(As2Certificate? signer) => ReceiptWriter.Write(s_said, new ReceiptWriterOptions
    {
        Signer = signer,
        Security = new SecurityAgreement { EmbeddedCertificates = EmbeddedCertificates.None },
        Now = s_now,
    });

    private static IEnumerable<Receipt> Flips(Receipt written)
    {
        for (var bit = 0; bit < written.Body.Length * 8; bit++)
        {
            var body = written.Body.ToArray();
            body[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return Read(written, body);
        }
    }

    private static Receipt Read(Receipt written, ReadOnlyMemory<byte> body) => ReceiptReader.Read(written.Headers, body, [TestKeys.PublicOf(Partner)], s_now);

    private static bool IsBelieved(Receipt receipt, ReceiptRequirement asked, bool mustBeAsSaid)
    {
        var sent = new StoredMessage
        {
            Id = "1",
            Key = new(MessageDirection.Outbound, new("US"), new("THEM"), "1@us"),
            MessageId = "<1@us>",
            State = MessageState.Sending,
            Mics = [s_mic.ToString()],
        };
        var partnership = new Partnership { Local = new("US"), Partner = new("THEM"), Receipt = new() { Requirement = asked } };
        var verdict = ReceiptVerification.Verify(receipt, sent, partnership);
        if (verdict.IsTrusted && mustBeAsSaid)
        {
            Assert.That(verdict.Outcome, Is.EqualTo(ReceiptOutcome.Confirmed));
            Assert.That(receipt.Notification!.Disposition, Is.EqualTo(s_said.Disposition));
            Assert.That(receipt.Notification.Mic, Is.EqualTo(s_mic));
        }
        return verdict.IsTrusted;
    }
}
