namespace As2.Ftp.Sftp;

/// <summary>A partner's SFTP server and how to sign in: with a password, a key, or both. Immutable.</summary>
public sealed class SftpOptions
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port. Default 22.</summary>
    public int Port { get; init; } = 22;

    /// <summary>User name.</summary>
    public required string User { get; init; }

    /// <summary>Password, or null. Never logged.</summary>
    public string? Password { get; init; }

    /// <summary>Our private key as a file's content (OpenSSH, PKCS#8, PKCS#1 or PuTTY form), or null. Never logged.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>The passphrase of <see cref="PrivateKey"/>, or null. Never logged.</summary>
    public string? Passphrase { get; init; }

    /// <summary>
    /// The server's host keys that are accepted, as <c>ssh-keygen -lf</c> prints them: <c>SHA256:…</c>. At least one: there is no trust
    /// on first use.
    /// </summary>
    public required IReadOnlyList<string> HostKeys { get; init; }

    /// <summary>A proxy, or null.</summary>
    public FtpProxy? Proxy { get; init; }

    /// <summary>Longest wait for the connection or for an answer. Default 30 s.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest download in bytes. Default 16 GiB.</summary>
    public long MaxDownloadBytes { get; init; } = 16L << 30;
}
