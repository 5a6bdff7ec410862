using System.Text;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Testing;

namespace As2.Core.Tests.Receipts;

/// <summary>Every receipt of the corpus through the reader.</summary>
public sealed class ReceiptCorpusTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static IEnumerable<TestCaseData> Deployed => Corpus.Cases(e => e.Kind is "sync-mdn" or "async-mdn" && !e.File.StartsWith("mdns-special/", StringComparison.Ordinal));

    private static IEnumerable<TestCaseData> Special => Corpus.Cases(e => e.File.StartsWith("mdns-special/", StringComparison.Ordinal));

    [Rfc("3798", "3.1")]
    [Rfc("6522", "3")]
    [Rfc("4130", "7.5.6")]
    [TestCaseSource(nameof(Deployed))]
    public void a_deployed_receipt_is_read(CorpusEntry entry)
    {
        var receipt = Read(entry);
        if (entry.Disposition is null)
        {
            Assert.That(receipt.Notification, Is.Null);
            Assert.That(receipt.Fault, Is.Not.Null);
            return;
        }
        Assert.That(Disposition.TryParse(entry.Disposition, out var disposition));
        var mic = MessageIntegrityCheck.TryParse(entry.Mic, out var read) ? read : null;
        Assert.Multiple(() =>
        {
            Assert.That(receipt.Notification, Is.Not.Null, () => receipt.Fault?.Diagnosis ?? "");
            Assert.That(receipt.Notification?.Disposition, Is.EqualTo(disposition));
            Assert.That(receipt.Notification?.Mic, Is.EqualTo(mic));
            Assert.That(receipt.Notification?.OriginalMessageId, Is.EqualTo(AsUtf8(entry.OriginalMessageId)));
            Assert.That(receipt.IsSigned, Is.EqualTo(entry.Signed));
            if (entry.SignerKey?.EndsWith("-expired", StringComparison.Ordinal) == true)
                Assert.That(receipt.Fault?.Diagnosis, Does.Contain("genuine"));
            else
                Assert.That(receipt.Signer is not null, Is.EqualTo(entry.Signed), () => receipt.Fault?.Diagnosis ?? "");
        });
    }

    [TestCaseSource(nameof(Special))]
    public void a_special_receipt_meets_its_expectation(CorpusEntry entry)
    {
        var receipt = Read(entry);
        var expect = entry.Expect!;
        Assert.Multiple(() =>
        {
            if (expect.StartsWith("accept", StringComparison.Ordinal) || expect.StartsWith("policy", StringComparison.Ordinal))
                Assert.That(receipt.Fault, Is.Null, () => receipt.Fault!.Diagnosis);
            if (expect.StartsWith("accept", StringComparison.Ordinal))
            {
                Assert.That(receipt.Notification?.Disposition.IsSuccess, Is.True);
                Assert.That(receipt.Notification?.Mic?.ToString(), Is.EqualTo(entry.ExpectedOriginalMic));
            }
            if (expect.Contains("failed", StringComparison.Ordinal) && !expect.StartsWith("accept", StringComparison.Ordinal))
                Assert.That(receipt.Notification?.Disposition.IsSuccess, Is.False);
            if (expect == "reject: signature invalid")
                Assert.That(receipt.Fault!.Disposition, Is.EqualTo(Disposition.IntegrityCheckFailed));
            if (entry.Disposition is null && entry.Row != "report-base64" && !entry.File.Contains("base64", StringComparison.Ordinal))
                Assert.That(receipt.Notification, Is.Null);
        });
    }

    // The manifest shows octets as Latin-1.
    private static string? AsUtf8(string? text) => text is null ? null : HeaderFields.Decode(Encoding.Latin1.GetBytes(text));

    private static Receipt Read(CorpusEntry entry)
    {
        var message = Corpus.Read(entry);
        using var bob = Corpus.Certificate(entry.SignerKey ?? "bob");
        return ReceiptReader.Read(message.Headers, message.Body, [bob], s_now);
    }
}
