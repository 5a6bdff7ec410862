using System.Formats.Asn1;
using System.Security.Cryptography;
using As2;
using As2.Certificates;

namespace ManagedGateway.Configuration.Desks;

/// <summary>Octets that somebody gave as a certificate: PEM, DER, PKCS#7 or PKCS#12.</summary>
/// <param name="Content">At most <see cref="MaxBytes"/>.</param>
/// <param name="Password">Of a PKCS#12 or of an encrypted key.</param>
public sealed record CertificateUpload(byte[] Content, string? Password = null)
{
    /// <summary>The largest file: a chain with its key is a tenth of it.</summary>
    public const int MaxBytes = 128 << 10;

    // A certificate that is longer is made to cost us something.
    private const int MaxCertificateBytes = 16 << 10;

    /// <summary>The certificate in it, its limits looked at before anything costly is done.</summary>
    /// <param name="needsKey">Ours comes with its key, a partner's without.</param>
    /// <exception cref="As2Exception">GW-CERTIFICATE-002: it is none, too large, weak, locked, or of the wrong side.</exception>
    public As2Certificate Read(bool needsKey)
    {
        if (Content.Length is 0 or > MaxBytes)
            throw Refused($"it has {Content.Length} bytes; a certificate file has 1 to {MaxBytes}");
        As2Certificate read;
        try
        {
            read = CertificateFile.Parse(Content, Password);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException or AsnContentException)
        {
            throw Refused($"no certificate could be read from it ({e.Message}): give PEM, DER, PKCS#7 or PKCS#12, and the password where it has one");
        }
        if (read.Der.Length > MaxCertificateBytes || read.Issuers.Any(i => i.RawDataMemory.Length > MaxCertificateBytes) || read.Issuers.Count > 10)
            throw Refused($"a certificate in it is longer than {MaxCertificateBytes} bytes, or there are more than ten issuers");
        if (read.RsaPublicKey is { KeySize: < 2048 or > 8192 } rsa)
            throw Refused($"its RSA key has {rsa.KeySize} bits: from 2048 to 8192 are taken");
        if (needsKey && !read.Certificate.HasPrivateKey)
            throw Refused("its private key is missing: give a PKCS#12 file, or PEM with both");
        return needsKey || !read.Certificate.HasPrivateKey ? read : WithoutKey(read);
    }

    // A partner's private key is none of our business, whoever sent it: it is not kept.
    private static As2Certificate WithoutKey(As2Certificate read)
        => new(System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(read.Der.Span)) { Issuers = read.Issuers };

    private static As2Exception Refused(string reason) => new("GW-CERTIFICATE-002", $"This certificate is not taken: {reason}.");
}
