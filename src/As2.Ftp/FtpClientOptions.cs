using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace As2.Ftp;

/// <summary>How a connection is protected.</summary>
public enum FtpSecurity
{
    /// <summary>Plain greeting, then <c>AUTH TLS</c> (RFC 4217); usual port 21.</summary>
    ExplicitTls,

    /// <summary>TLS from the first byte; usual port 990.</summary>
    ImplicitTls,

    /// <summary>No protection: password and files are readable on the way. Only for a network that is itself protected.</summary>
    InsecurePlain,
}

/// <summary>A partner's FTP or FTPS server and how to sign in. One instance per account: connections share what they learn about the server.</summary>
public sealed class FtpClientOptions
{
    /// <summary>Host name or address; the certificate must be for it unless it is pinned.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port. Default 0: 990 for <see cref="FtpSecurity.ImplicitTls"/>, otherwise 21.</summary>
    public int Port { get; init; }

    /// <summary>User name.</summary>
    public required string User { get; init; }

    /// <summary>Password. Never logged.</summary>
    public required string Password { get; init; }

    /// <summary>Default <see cref="FtpSecurity.ExplicitTls"/>; there is no silent fall-back to plain.</summary>
    public FtpSecurity Security { get; init; } = FtpSecurity.ExplicitTls;

    /// <summary>Which server certificates are accepted. Default <see cref="FtpTrust.System"/>.</summary>
    public FtpTrust Trust { get; init; } = FtpTrust.System;

    /// <summary>TLS versions. Default 1.2 and 1.3.</summary>
    public SslProtocols TlsVersions { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Our certificate with its private key, where the server asks for one.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>A proxy, or null.</summary>
    public FtpProxy? Proxy { get; init; }

    /// <summary>Longest wait for a connection or for the reply to a command. Default 30 s.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for a block of up to 64 KiB of a file. Default 60 s.</summary>
    public TimeSpan BlockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Largest download in bytes; a file that grows for ever ends here. Default 16 GiB.</summary>
    public long MaxDownloadBytes { get; init; } = 16L << 30;

    /// <summary>Learned from the server, and kept for the account's next connections: see <see cref="FtpSession.MayRefuseSessionReuse"/>.</summary>
    internal bool FallsBackToTls12 { get; set; }

    internal SslProtocols EffectiveTlsVersions => FallsBackToTls12 ? SslProtocols.Tls12 : TlsVersions;

    internal int EffectivePort => Port != 0 ? Port : Security == FtpSecurity.ImplicitTls ? 990 : 21;
}
