using System.Security.Cryptography;
using As2.Certificates;
using As2.Layers;
using As2.Receipts;

namespace As2.Benchmarks.Figures;

/// <summary>A signed receipt written and read; the floors are the RSA operations of its signature.</summary>
internal static class ReceiptFigures
{
    private static readonly byte[] s_hash = SHA256.HashData("some content"u8);

    private static readonly As2Certificate[] s_bob = [Message.Bob];

    private static readonly MessageDispositionNotification s_notification = new()
    {
        ReportingUa = "As2Sdk",
        FinalRecipient = "bob",
        OriginalRecipient = "bob",
        OriginalMessageId = "<20200601120000.1234@alice.example>",
        Disposition = Disposition.Processed,
        Mic = new MessageIntegrityCheck(DigestAlgorithm.Sha256, s_hash),
    };

    public static IEnumerable<Contest> All()
    {
        var (write, read) = (Writing(), Reading());
        yield return new Contest("mdn-write", write.Work, write.Floor);
        yield return new Contest("mdn-read", read.Work, read.Floor) { Batch = 10 };
    }

    public static Stage Writing() => new(() => Write(), () => Sign());

    public static Stage Reading()
    {
        var receipt = Write();
        return new Stage(() => Read(receipt), Verifying());
    }

    private static Receipt Write() => ReceiptWriter.Write(s_notification, Message.Bob, DigestAlgorithm.Sha256, Message.Now);

    private static void Read(Receipt receipt)
    {
        if (ReceiptReader.Read(receipt.Headers, receipt.Body, s_bob, Message.Now).Fault is { } fault)
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
