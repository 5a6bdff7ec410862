using System.Security.Cryptography;
using As2.Layers;
using As2.Receipts;

namespace As2.Benchmarks.Figures;

/// <summary>A signed receipt written and read; the floors are the RSA operations of its signature.</summary>
internal static class ReceiptFigures
{
    private static readonly byte[] s_hash = SHA256.HashData("some content"u8);

    public static IEnumerable<Contest> All()
    {
        var notification = new MessageDispositionNotification
        {
            ReportingUa = "As2Sdk",
            FinalRecipient = "bob",
            OriginalRecipient = "bob",
            OriginalMessageId = "<20200601120000.1234@alice.example>",
            Disposition = Disposition.Processed,
            Mic = new MessageIntegrityCheck(DigestAlgorithm.Sha256, s_hash),
        };
        var receipt = Write(notification);
        yield return new Contest("mdn-write", () => Write(notification), () => Sign());
        yield return new Contest("mdn-read", () => Read(receipt), Verifying()) { Batch = 10 };
    }

    private static Receipt Write(MessageDispositionNotification notification)
        => ReceiptWriter.Write(notification, Message.Bob, DigestAlgorithm.Sha256, Message.Now);

    private static void Read(Receipt receipt)
    {
        if (ReceiptReader.Read(receipt.Headers, receipt.Body, [Message.Bob], Message.Now).Fault is { } fault)
            throw new InvalidOperationException(fault.ToString());
    }

    public static byte[] Sign() => Message.Bob.RsaPrivateKey!.SignHash(s_hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>What nobody can avoid of reading a receipt.</summary>
    public static Action Verifying()
    {
        var signature = Sign();
        return () => Verify(signature);
    }

    private static void Verify(byte[] signature)
    {
        if (!Message.Bob.RsaPublicKey!.VerifyHash(s_hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            throw new InvalidOperationException("The floor does not verify.");
    }
}
