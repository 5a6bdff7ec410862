using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace As2.Certificates;

/// <summary>
/// A certificate with its keys opened once, and the window in which we use it. Opening a key costs more than using it, so hold
/// one instance per certificate. Thread-safe. Owns the certificate it was given.
/// </summary>
public sealed class As2Certificate : IDisposable
{
    private readonly Lazy<RSA?> _rsaPublic;
    private readonly Lazy<RSA?> _rsaPrivate;
    private readonly Lazy<ECDsa?> _ecdsaPublic;
    private readonly Lazy<ECDsa?> _ecdsaPrivate;
    private readonly Lazy<ECDiffieHellman?> _ecdhPublic;
    private readonly Lazy<ECDiffieHellman?> _ecdhPrivate;
    private readonly Lazy<CertificateNames> _names;

    /// <summary>Wraps a certificate.</summary>
    /// <param name="certificate">With a private key where it signs or decrypts.</param>
    /// <param name="notBefore">When we start to use it. Default: its own start of validity.</param>
    /// <param name="notAfter">When we stop to use it. Default: its own end of validity.</param>
    public As2Certificate(X509Certificate2 certificate, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        Certificate = certificate;
        NotBefore = notBefore ?? new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        NotAfter = notAfter ?? new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        Der = certificate.RawData;
        Thumbprint = Convert.ToHexStringLower(SHA256.HashData(Der.Span));
        _rsaPublic = new(certificate.GetRSAPublicKey);
        _rsaPrivate = new(certificate.GetRSAPrivateKey);
        _ecdsaPublic = new(certificate.GetECDsaPublicKey);
        _ecdsaPrivate = new(certificate.GetECDsaPrivateKey);
        _ecdhPublic = new(certificate.GetECDiffieHellmanPublicKey);
        _ecdhPrivate = new(certificate.GetECDiffieHellmanPrivateKey);
        _names = new(() => CertificateNames.Read(certificate));
    }

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Start of our use of it.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>End of our use of it.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The DER form; a certificate found in a message is compared with this, octet by octet.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>SHA-256 of <see cref="Der"/>, lower-case hexadecimal.</summary>
    public string Thumbprint { get; }

    /// <summary>The RSA public key, or null.</summary>
    public RSA? RsaPublicKey => _rsaPublic.Value;

    /// <summary>The RSA private key, or null.</summary>
    public RSA? RsaPrivateKey => _rsaPrivate.Value;

    /// <summary>The certificates of its issuers, nearest first; sent only where an agreement asks for the chain. Default: none.</summary>
    public IReadOnlyList<X509Certificate2> Issuers { get; init; } = [];

    /// <summary>
    /// Turns pinned trust into chain trust for this entry of the roles Verify and VerifyReceipt: it is an issuer, and certificates of
    /// a message that it (or its intermediates in the message) issued to exactly this subject count, for example
    /// <c>CN=ACME, O=ACME Ltd, C=DE</c>. Null, the default: only this certificate itself counts.
    /// </summary>
    public string? TrustedSubject { get; init; }

    /// <summary>
    /// With <see cref="TrustedSubject"/>: whether revocation is looked at. Default: it is not, and nothing is fetched. Online fetches the
    /// lists that the certificates name; a certificate whose state cannot be learned does not count.
    /// </summary>
    public X509RevocationMode Revocation { get; init; } = X509RevocationMode.NoCheck;

    /// <summary>The ECDSA public key, or null.</summary>
    internal ECDsa? EcdsaPublicKey => _ecdsaPublic.Value;

    /// <summary>The ECDSA private key, or null.</summary>
    internal ECDsa? EcdsaPrivateKey => _ecdsaPrivate.Value;

    /// <summary>The ECDH public key, or null.</summary>
    internal ECDiffieHellman? EcdhPublicKey => _ecdhPublic.Value;

    /// <summary>The ECDH private key, or null.</summary>
    internal ECDiffieHellman? EcdhPrivateKey => _ecdhPrivate.Value;

    /// <summary>DER of IssuerAndSerialNumber (RFC 5652 §10.2.4), built from the certificate's own octets.</summary>
    internal ReadOnlyMemory<byte> IssuerAndSerialNumber => _names.Value.IssuerAndSerialNumber;

    /// <summary><see cref="IssuerAndSerialNumber"/> in plain words.</summary>
    internal string IssuerAndSerialText => _names.Value.Text;

    /// <summary>The subject key identifier: of the extension, else the SHA-1 of the public key (RFC 5280 §4.2.1.2).</summary>
    internal ReadOnlyMemory<byte> SubjectKeyIdentifier => _names.Value.SubjectKeyIdentifier;

    /// <summary>True when <paramref name="moment"/> lies in our window.</summary>
    public bool IsInUse(DateTimeOffset moment) => NotBefore <= moment && moment <= NotAfter;

    /// <summary>Subject and the start of the thumbprint.</summary>
    public override string ToString() => $"{Certificate.Subject} ({Thumbprint[..12]})";

    /// <inheritdoc/>
    public void Dispose()
    {
        Close(_rsaPublic);
        Close(_rsaPrivate);
        Close(_ecdsaPublic);
        Close(_ecdsaPrivate);
        Close(_ecdhPublic);
        Close(_ecdhPrivate);
        Certificate.Dispose();
    }

    private static void Close<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(Lazy<T?> key)
        where T : AsymmetricAlgorithm
    {
        if (key.IsValueCreated)
            key.Value?.Dispose();
    }
}
