using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Certificates;

namespace As2.CertificateExchange;

/// <summary>The parts of an exchange that hold certificates: a CMS SignedData without signers (RFC 8551 §3.8).</summary>
internal static class CertificatesOnly
{
    /// <summary>The longest part that is read.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The most certificates of one part.</summary>
    public const int MaxCertificates = 20;

    /// <summary>The certificate alone, or with its issuers.</summary>
    public static byte[] Write(As2Certificate certificate) => CertificateFile.ToPkcs7(certificate);

    /// <summary>The certificates of a part; empty when there are none, or more than allowed. Never a private key.</summary>
    public static IReadOnlyList<X509Certificate2> Read(ReadOnlyMemory<byte> octets)
    {
        try
        {
            return octets.Length > MaxBytes ? [] : CertificateFile.ParsePublic(octets, MaxCertificates);
        }
        catch (Exception e) when (e is CryptographicException or System.Formats.Asn1.AsnContentException or FormatException)
        {
            // What cannot be read holds no certificate; the request that refers to it is rejected for that.
            return [];
        }
    }
}
