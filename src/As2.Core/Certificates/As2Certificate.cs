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

    /// <summary>True when <paramref name="moment"/> lies in our window.</summary>
    public bool IsInUse(DateTimeOffset moment) => NotBefore <= moment && moment <= NotAfter;

    /// <summary>Subject and the start of the thumbprint.</summary>
    public override string ToString() => $"{Certificate.Subject} ({Thumbprint[..12]})";

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rsaPublic.IsValueCreated)
            _rsaPublic.Value?.Dispose();
        if (_rsaPrivate.IsValueCreated)
            _rsaPrivate.Value?.Dispose();
        Certificate.Dispose();
    }
}
