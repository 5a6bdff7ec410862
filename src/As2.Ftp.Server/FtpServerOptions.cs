using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace As2.Ftp.Server;

/// <summary>How a listener starts.</summary>
public enum FtpTlsMode
{
    /// <summary>Plain greeting, then <c>AUTH TLS</c> (RFC 4217); usual port 21.</summary>
    Explicit,

    /// <summary>TLS from the first byte; usual port 990.</summary>
    Implicit,
}

/// <summary>Settings of the embedded FTPS server.</summary>
public sealed class FtpServerOptions
{
    /// <summary>Gives the server's certificate with its private key; called for each connection, so a new one needs no restart. Required.</summary>
    public Func<X509Certificate2>? Certificate { get; set; }

    /// <summary>TLS versions. Default 1.2 and 1.3.</summary>
    public SslProtocols TlsVersions { get; set; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>
    /// Asks clients for a certificate, for accounts that sign in with one (<see cref="Accounts.IFtpCertificateAccounts"/>). Default false.
    /// Whose it is, is decided at the sign-in by its fingerprint; clients without one go on with their password.
    /// </summary>
    public bool AskClientCertificate { get; set; }

    /// <summary>Allows sign-in and transfers without TLS. Default false. Passwords and files are then readable on the way.</summary>
    public bool AllowInsecurePlain { get; set; }

    /// <summary>
    /// An upload over TLS counts as whole only when the client closed TLS before the connection. Default true. Without it, a
    /// connection cut at the right moment looks like the end of a file.
    /// </summary>
    public bool RequireTlsClose { get; set; } = true;

    /// <summary>First port for data connections. Default 0: any free port.</summary>
    public int FirstPassivePort { get; set; }

    /// <summary>Last port for data connections, inclusive. Default 0, with <see cref="FirstPassivePort"/> 0.</summary>
    public int LastPassivePort { get; set; }

    /// <summary>The IPv4 address that PASV names, for a server behind address translation. Default null: the one the client reached.</summary>
    public IPAddress? PublicAddress { get; set; }

    /// <summary>The greeting. Default names no product and no version.</summary>
    public string Greeting { get; set; } = "Ready. TLS is required: AUTH TLS first.";

    /// <summary>Limits and timeouts.</summary>
    public FtpServerLimits Limits { get; set; } = new();
}
