using As2.Certificates;
using As2.Layers;
using As2.Receipts;
using As2.Testing;

namespace As2.Core.Tests.Layers;

/// <summary>The signatures of other products over plain multipart/signed requests.</summary>
public sealed class SignedDataCorpusTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static IEnumerable<TestCaseData> Signed
        => Corpus.Cases(e => e is { Kind: "request", Options: { Sign: not null, Enc: null }, Expect: "processed", SignerKey: not null } && IsSigned(e));

    [TestCaseSource(nameof(Signed))]
    public void a_signature_of_another_product_verifies(CorpusEntry entry)
    {
        var message = Corpus.Read(entry);
        var parts = new ReceiptPart(message.Headers, message.Body, message.Body).Parts();
        using var signer = Corpus.Certificate(entry.SignerKey!);
        var (verdict, _, _) = ReceiptSignature.Verify(parts[0].Raw, parts[1].DecodeSignature(), [signer], s_now);
        Assert.That(verdict.Fault, Is.Null, () => verdict.Fault!.Diagnosis);
    }

    private static bool IsSigned(CorpusEntry entry)
        => Corpus.Read(entry).Headers["Content-Type"]?.Contains("multipart/signed", StringComparison.OrdinalIgnoreCase) == true;
}
