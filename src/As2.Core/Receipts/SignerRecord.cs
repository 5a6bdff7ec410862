using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Certificates;
using As2.Layers;
using As2.Storage;

namespace As2.Receipts;

/// <summary>
/// Which certificate verified a receipt, as the message's history says it: the history outlives the settings, so a certificate that was
/// rolled over and removed still proves what it proved.
/// </summary>
internal static class SignerRecord
{
    /// <summary>The end of the history line of a confirming receipt.</summary>
    public static string Of(As2Certificate signer) => Of(signer.Thumbprint);

    /// <summary>The line that names a signer; null when there is none.</summary>
    public static MessageEvent? Find(IReadOnlyList<MessageEvent> history)
        => history.LastOrDefault(e => e.Kind == "receipt" && e.Text.Length > Of("").Length + 64 && e.Text[..^64].EndsWith(Of(""), StringComparison.Ordinal));

    /// <summary>The certificate of that line where the receipt carries it; null when it does not.</summary>
    public static As2Certificate? Embedded(ReadOnlyMemory<byte> signature, MessageEvent record)
    {
        if (!SignedDataReader.TryRead(signature, LayerLimits.Default, out var signed, out _))
            return null;
        var named = signed.Certificates.FirstOrDefault(c => record.Text.EndsWith(Of(Convert.ToHexStringLower(SHA256.HashData(c.Span))), StringComparison.Ordinal));
        return named.IsEmpty ? null : new As2Certificate(X509CertificateLoader.LoadCertificate(named.Span));
    }

    private static string Of(string thumbprint) => "; verified with certificate " + thumbprint;
}
