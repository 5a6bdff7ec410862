using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using As2.Layers;

namespace As2.Certificates;

/// <summary>
/// Reads and writes certificates in the forms that partners exchange: PEM, DER, PKCS#7 (.p7b) and PKCS#12 (.p12, .pfx). The form is
/// recognised by content, never by the file's name.
/// </summary>
public static class CertificateFile
{
    private static readonly PbeParameters s_keyEncryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 210_000);

    private static X509KeyStorageFlags KeyStorage => OperatingSystem.IsMacOS()
        ? X509KeyStorageFlags.Exportable
        : X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet;

    /// <summary>
    /// The certificate of a file: the one with a private key where there is one, else the first; the others become its
    /// <see cref="As2Certificate.Issuers"/>.
    /// </summary>
    /// <param name="path">The file. A PEM file may hold the private key (PKCS#8, PKCS#1 or SEC 1) beside the certificate.</param>
    /// <param name="password">Of a PKCS#12 or of an encrypted key.</param>
    /// <param name="keyPath">A second file with the private key, PEM or DER, or null.</param>
    /// <exception cref="As2Exception">AS2-CERT-003: the file is missing, unreadable, or the password is wrong.</exception>
    public static As2Certificate Load(string path, string? password = null, string? keyPath = null)
    {
        try
        {
            using var key = keyPath is null ? null : PrivateKeyFile.Find(File.ReadAllBytes(keyPath), password);
            return Parse(File.ReadAllBytes(path), password, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or AsnContentException)
        {
            throw new As2Exception("AS2-CERT-003", $"No certificate could be read from '{path}': {e.Message} Check the file and its password.", e);
        }
    }

    /// <summary>The certificate in the octets of a file; see <see cref="Load"/>.</summary>
    /// <exception cref="CryptographicException">The octets hold no certificate, or the password is wrong.</exception>
    public static As2Certificate Parse(ReadOnlyMemory<byte> content, string? password = null) => Parse(content, password, null);

    /// <summary>The same with the private key in octets of its own, PEM or DER.</summary>
    /// <param name="content">The certificate.</param>
    /// <param name="key">The key.</param>
    /// <param name="password">Of either, where it has one.</param>
    /// <exception cref="CryptographicException">As for <see cref="Parse(ReadOnlyMemory{byte}, string?)"/>; or there is no key.</exception>
    public static As2Certificate ParseWithKey(ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> key, string? password = null)
    {
        using var found = PrivateKeyFile.Find(key.ToArray(), password);
        return Parse(content, password, found);
    }

    private static As2Certificate Parse(ReadOnlyMemory<byte> content, string? password, AsymmetricAlgorithm? key)
    {
        var found = ParseAll(content, password);
        if (key is not null)
            found = found.ConvertAll(c => WithKey(c, key));
        if (found.Count == 0)
            throw new CryptographicException("There is no certificate in it.");
        var own = found.FirstOrDefault(c => c.HasPrivateKey) ?? found[0];
        return new As2Certificate(own) { Issuers = [.. found.Where(c => c != own)] };
    }

    /// <summary>The certificate as PEM text.</summary>
    public static string ToPem(As2Certificate certificate) => certificate.Certificate.ExportCertificatePem() + "\n";

    /// <summary>The private key as PEM text, PKCS#8; encrypted (AES-256, PBKDF2) where a password is given.</summary>
    /// <exception cref="As2Exception">AS2-CERT-001: there is no private key, or it does not leave its store.</exception>
    public static string ToKeyPem(As2Certificate certificate, string? password = null)
    {
        AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.RsaPrivateKey ?? certificate.EcdsaPrivateKey
            ?? throw new As2Exception("AS2-CERT-001", $"{certificate} has no private key to export.");
        return (password is null ? key.ExportPkcs8PrivateKeyPem() : key.ExportEncryptedPkcs8PrivateKeyPem(password, s_keyEncryption)) + "\n";
    }

    /// <summary>PKCS#12 with the private key and the issuers; AES-256.</summary>
    public static byte[] ToPkcs12(As2Certificate certificate, string password)
        => Collect(certificate).ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password);

    /// <summary>PKCS#7 (.p7b) with the certificate and its issuers.</summary>
    public static byte[] ToPkcs7(As2Certificate certificate)
        => Collect(certificate).Export(X509ContentType.Pkcs7)!;

    /// <summary>Writes a file that only its owner can read, for private keys.</summary>
    public static void WriteSecret(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(content);
    }

    private static X509Certificate2Collection Collect(As2Certificate certificate)
    {
        var all = new X509Certificate2Collection(certificate.Certificate);
        foreach (var issuer in certificate.Issuers)
            all.Add(issuer);
        return all;
    }

    private static List<X509Certificate2> ParseAll(ReadOnlyMemory<byte> content, string? password)
    {
        if (content.Span.StartsWith((byte)0x30))
            return ParseBinary(content, password);
        return ParsePem(content, password);
    }

    // PKCS#12 starts with a version, PKCS#7 with an object identifier, a certificate with a sequence.
    private static List<X509Certificate2> ParseBinary(ReadOnlyMemory<byte> content, string? password)
    {
        var tag = new AsnReader(content, AsnEncodingRules.BER).ReadSequence().PeekTag();
        if (tag == Asn1Tag.Integer)
            return [.. X509CertificateLoader.LoadPkcs12Collection(content.Span, password, KeyStorage)];
        if (tag == Asn1Tag.ObjectIdentifier)
            return ParsePkcs7(content);
        return [X509CertificateLoader.LoadCertificate(content.Span)];
    }

    /// <summary>The certificates of a PKCS#7 or of one certificate, DER or PEM: of octets from outside, so nothing is decrypted.</summary>
    /// <exception cref="CryptographicException">There are none, or more than allowed.</exception>
    internal static IReadOnlyList<X509Certificate2> ParsePublic(ReadOnlyMemory<byte> content, int most)
    {
        if (!content.Span.StartsWith((byte)0x30) && PemEncoding.TryFind(Encoding.Latin1.GetString(content.Span), out var fields))
            content = Convert.FromBase64String(Encoding.Latin1.GetString(content.Span)[fields.Base64Data]);
        return new AsnReader(content, AsnEncodingRules.BER).ReadSequence().PeekTag() == Asn1Tag.ObjectIdentifier
            ? ParsePkcs7(content, most)
            : [X509CertificateLoader.LoadCertificate(content.Span)];
    }

    private static List<X509Certificate2> ParsePkcs7(ReadOnlyMemory<byte> content, int most = 100)
        => SignedDataReader.TryRead(content, new LayerLimits { MaxStructureBytes = 1 << 20, MaxCertificates = most }, out var signed, out var reason)
            ? [.. signed.Certificates.Select(c => X509CertificateLoader.LoadCertificate(c.Span))]
            : throw new CryptographicException(reason);

    private static List<X509Certificate2> ParsePem(ReadOnlyMemory<byte> content, string? password)
    {
        var certificates = new List<X509Certificate2>();
        var rest = Encoding.Latin1.GetString(content.Span).AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label].ToString();
            if (label is "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE")
                certificates.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            else if (label is "PKCS7" or "CMS")
                certificates.AddRange(ParsePkcs7(Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            rest = rest[fields.Location.End..];
        }
        if (certificates.Count == 0)
            return certificates;
        using var key = PrivateKeyFile.Find(content, password);
        return key is null ? certificates : certificates.ConvertAll(c => WithKey(c, key));
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        try
        {
            return key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : WithKey(certificate, (ECDiffieHellman)key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // The key belongs to another certificate of the file, usually a chain follows the leaf.
            return certificate;
        }
    }

    /// <summary>What an EC key is for, its certificate says.</summary>
    private static X509Certificate2 WithKey(X509Certificate2 certificate, ECDiffieHellman key)
    {
        using var signs = certificate.GetECDsaPublicKey();
        if (signs is null)
            return certificate.CopyWithPrivateKey(key);
        using var signer = ECDsa.Create();
        signer.ImportPkcs8PrivateKey(key.ExportPkcs8PrivateKey(), out _);
        return certificate.CopyWithPrivateKey(signer);
    }
}
