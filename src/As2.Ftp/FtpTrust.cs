using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace As2.Ftp;

/// <summary>Which server certificates an account accepts. There is no way to accept all. Immutable, thread-safe.</summary>
public sealed class FtpTrust
{
    private readonly X509Certificate2Collection? _authorities;
    private readonly byte[][]? _pins;

    private FtpTrust(X509Certificate2Collection? authorities, byte[][]? pins) => (_authorities, _pins) = (authorities, pins);

    /// <summary>Chains to an authority of the operating system, for the host's name.</summary>
    public static FtpTrust System { get; } = new(null, null);

    /// <summary>Chains to one of these authorities only, for the host's name.</summary>
    public static FtpTrust Authorities(params X509Certificate2[] authorities) => new([.. authorities], null);

    /// <summary>Exactly one of these certificates, whatever their names, issuers and dates: the pin is the agreement.</summary>
    /// <param name="sha256">SHA-256 of the DER certificate in hexadecimal; colons and blanks are ignored.</param>
    /// <exception cref="As2Exception">AS2-FTP-001: not a SHA-256 fingerprint.</exception>
    public static FtpTrust Pinned(params string[] sha256) => new(null, [.. sha256.Select(ReadPin)]);

    internal void Configure(SslClientAuthenticationOptions tls)
    {
        if (_authorities is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities);
        }
        tls.RemoteCertificateValidationCallback = (_, certificate, _, errors)
            => _pins is null ? errors == SslPolicyErrors.None : certificate is not null && IsPinned(certificate);
    }

    private bool IsPinned(X509Certificate certificate)
    {
        var actual = certificate.GetCertHash(HashAlgorithmName.SHA256);
        return _pins!.Any(pin => CryptographicOperations.FixedTimeEquals(pin, actual));
    }

    private static byte[] ReadPin(string text)
    {
        try
        {
            var pin = Convert.FromHexString(text.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
            if (pin.Length == SHA256.HashSizeInBytes)
                return pin;
        }
        catch (FormatException)
        {
            // Reported below, together with a wrong length.
        }
        throw new As2Exception("AS2-FTP-001", $"'{text}' is no SHA-256 certificate fingerprint: write 64 hexadecimal digits.");
    }
}
