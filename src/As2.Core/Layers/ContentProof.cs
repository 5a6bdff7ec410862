using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Certificates;

namespace As2.Layers;

/// <summary>
/// Whether a signature that does not count fits its content all the same, under a certificate that the message brought or one that
/// is out of its time. That makes nobody a signer; it only shows that the content inside an encryption was not damaged.
/// </summary>
internal static class ContentProof
{
    public static bool Fits(ReadOnlyMemory<byte> cms, Func<DigestAlgorithm, ReadOnlyMemory<byte>?> digest, LayerReaderOptions options)
    {
        if (!SignedDataReader.TryRead(cms, options.Limits, out var content, out _))
            return false;
        if (content.Certificates.Count == 0)
            return content.Signers.Any(s => IsStranger(s, options) && IsDigestSigned(s, digest));
        var brought = content.Certificates.Select(Load).OfType<As2Certificate>().ToList();
        try
        {
            As2Certificate[] any = [.. options.VerificationCertificates, .. brought];
            return SignedData.Verify(cms, digest, any, options.Now, options.Limits, acceptExpired: true).Fault is null;
        }
        finally
        {
            brought.ForEach(c => c.Dispose());
        }
    }

    private static bool IsStranger(SignerInfo signer, LayerReaderOptions options) => !options.VerificationCertificates.Any(c =>
        signer.IssuerAndSerialNumber.Span.SequenceEqual(c.IssuerAndSerialNumber.Span)
        || signer.SubjectKeyIdentifier.Span.SequenceEqual(c.SubjectKeyIdentifier.Span));

    /// <summary>Nobody who only damaged the content can have its digest in the attributes.</summary>
    private static bool IsDigestSigned(SignerInfo signer, Func<DigestAlgorithm, ReadOnlyMemory<byte>?> digest)
        => signer is { Digest: { } algorithm, Attributes.MessageDigest: { } signed }
            && digest(algorithm) is { } found
            && CryptographicOperations.FixedTimeEquals(signed.Span, found.Span);

    private static As2Certificate? Load(ReadOnlyMemory<byte> der)
    {
        try
        {
            return new As2Certificate(X509CertificateLoader.LoadCertificate(der.Span));
        }
        catch (CryptographicException)
        {
            // Damaged, or no certificate: it proves nothing.
            return null;
        }
    }
}
