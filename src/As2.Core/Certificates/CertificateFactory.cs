using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace As2.Certificates;

/// <summary>The kind of key of a new certificate.</summary>
public enum CertificateKeyKind
{
    /// <summary>RSA of 3072 bits, the default: strong for years, and every product takes it.</summary>
    Rsa3072,

    /// <summary>RSA of 2048 bits, for partners that cannot do more.</summary>
    Rsa2048,

    /// <summary>RSA of 4096 bits; some products refuse it.</summary>
    Rsa4096,

    /// <summary>NIST P-256: ECDSA signatures, ECDH encryption; few products take it.</summary>
    P256,

    /// <summary>NIST P-384.</summary>
    P384,

    /// <summary>NIST P-521.</summary>
    P521,
}

/// <summary>Makes certificates for AS2: self-signed, version 3, SHA-256, a positive random serial number of 16 bytes.</summary>
public static class CertificateFactory
{
    /// <summary>The life of a certificate when none is given: three years.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(3 * 365);

    /// <summary>Makes a key and its self-signed certificate, fit to sign and to decrypt. The private key can be exported.</summary>
    /// <param name="commonName">The common name, usually the AS2 name or the host; any text.</param>
    /// <param name="notBefore">Start of validity; give it some minutes before now, since partners' clocks differ.</param>
    /// <param name="lifetime">Default: <see cref="DefaultLifetime"/>.</param>
    /// <param name="key">Default: RSA of 3072 bits.</param>
    /// <param name="hosts">Host names and addresses of a TLS server, which its clients compare (RFC 9525 §6.3). Default: none.</param>
    public static As2Certificate CreateSelfSigned(
        string commonName, DateTimeOffset notBefore, TimeSpan? lifetime = null, CertificateKeyKind key = CertificateKeyKind.Rsa3072,
        IReadOnlyList<string>? hosts = null)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        using var secret = CreateKey(key);
        var request = secret is RSA rsa
            ? new CertificateRequest(name.Build(), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name.Build(), (ECDsa)secret, HashAlgorithmName.SHA256);
        AddExtensions(request, isRsa: secret is RSA);
        if (hosts is { Count: > 0 })
            request.CertificateExtensions.Add(NamesOf(hosts));
        return new As2Certificate(SelfSign(request, secret, notBefore, notBefore + (lifetime ?? DefaultLifetime)));
    }

    private static AsymmetricAlgorithm CreateKey(CertificateKeyKind kind) => kind switch
    {
        CertificateKeyKind.Rsa2048 => RSA.Create(2048),
        CertificateKeyKind.Rsa4096 => RSA.Create(4096),
        CertificateKeyKind.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        CertificateKeyKind.P384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        CertificateKeyKind.P521 => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        _ => RSA.Create(3072),
    };

    private static void AddExtensions(CertificateRequest request, bool isRsa)
    {
        var encrypts = isRsa ? X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment : X509KeyUsageFlags.KeyAgreement;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation | encrypts, critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    private static X509Extension NamesOf(IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }
        return names.Build();
    }

    private static X509Certificate2 SelfSign(CertificateRequest request, AsymmetricAlgorithm secret, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        var generator = secret is RSA rsa
            ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa((ECDsa)secret);
        using var bare = request.Create(request.SubjectName, generator, notBefore, notAfter, serial);
        return secret is RSA rsaKey ? bare.CopyWithPrivateKey(rsaKey) : bare.CopyWithPrivateKey((ECDsa)secret);
    }
}
