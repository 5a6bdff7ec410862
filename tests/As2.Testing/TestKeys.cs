using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Certificates;

namespace As2.Testing;

/// <summary>
/// Self-signed certificates with their private keys, made once per process and name; valid from 2020 to 2049. Shared by all tests:
/// never dispose them. Thread-safe.
/// </summary>
public static class TestKeys
{
    private static readonly ConcurrentDictionary<string, Lazy<As2Certificate>> s_keys = new();

    /// <summary>An RSA-2048 key. The name becomes its common name.</summary>
    public static As2Certificate Rsa(string name) => Cached($"rsa {name}", () => CreateRsa(name));

    /// <summary>A P-256 key.</summary>
    public static As2Certificate Ec(string name) => Ec(name, ECCurve.NamedCurves.nistP256);

    /// <summary>A key on a named curve.</summary>
    public static As2Certificate Ec(string name, ECCurve curve) => Cached($"ec {curve.Oid.FriendlyName} {name}", () => CreateEc(name, curve));

    /// <summary>The same certificate without its private key: what the partner holds.</summary>
    public static As2Certificate PublicOf(As2Certificate key)
        => Cached($"public {key.Thumbprint}", () => X509CertificateLoader.LoadCertificate(key.Der.Span));

    /// <summary>Writes <c>NAME.crt.pem</c> and <c>NAME.key.pem</c> (PKCS#8) for openssl and curl.</summary>
    public static (string Certificate, string Key) WritePem(As2Certificate key, TempFolder folder, string name)
    {
        using AsymmetricAlgorithm? secret = (AsymmetricAlgorithm?)key.Certificate.GetRSAPrivateKey() ?? key.Certificate.GetECDsaPrivateKey();
        return (folder.Write($"{name}.crt.pem", key.Certificate.ExportCertificatePem()),
            folder.Write($"{name}.key.pem", secret!.ExportPkcs8PrivateKeyPem()));
    }

    private static As2Certificate Cached(string key, Func<X509Certificate2> create)
        => s_keys.GetOrAdd(key, _ => new Lazy<As2Certificate>(() => new As2Certificate(create()))).Value;

    private static X509Certificate2 CreateRsa(string name)
    {
        using var key = RSA.Create(2048);
        return SelfSigned(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static X509Certificate2 CreateEc(string name, ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return SelfSigned(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256));
    }

    private static X509Certificate2 SelfSigned(CertificateRequest request)
    {
        const X509KeyUsageFlags Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement;
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(Usage, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2049, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
