namespace As2.Ftp.Server;

/// <summary>Limits and timeouts of the embedded FTPS server.</summary>
public sealed class FtpServerLimits
{
    /// <summary>Sessions at once. Default 500.</summary>
    public int MaxSessions { get; set; } = 500;

    /// <summary>Sessions at once from one address. Default 50.</summary>
    public int MaxSessionsPerAddress { get; set; } = 50;

    /// <summary>Sessions at once of one account. Default 50.</summary>
    public int MaxSessionsPerAccount { get; set; } = 50;

    /// <summary>New connections from one address in a minute; more are turned away before TLS costs anything. Default 600.</summary>
    public int MaxConnectionsPerMinute { get; set; } = 600;

    /// <summary>Largest upload in bytes. Default 16 GiB.</summary>
    public long MaxUploadBytes { get; set; } = 16L << 30;

    /// <summary>From the connection to the sign-in. Default 60 s.</summary>
    public TimeSpan SignInTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Between commands of a signed-in session. Default 5 min.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>For a block of up to 64 KiB of a transfer, and for a reply to be taken. Default 60 s.</summary>
    public TimeSpan BlockTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>From EPSV or PASV to the data connection. Default 10 s.</summary>
    public TimeSpan DataConnectionWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Failed sign-ins of a user from an address before it is locked out; four times as many for the address. Default 10.</summary>
    public int MaxFailedSignIns { get; set; } = 10;

    /// <summary>Failed sign-ins in one session before it is closed. Default 3.</summary>
    public int MaxFailedSignInsPerSession { get; set; } = 3;

    /// <summary>Commands before the sign-in, in one session. Default 50.</summary>
    public int MaxCommandsBeforeSignIn { get; set; } = 50;

    /// <summary>How long a lock-out lasts after the last failure. Default 15 min.</summary>
    public TimeSpan LockOutTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Wait before a failed sign-in is answered. Default 1 s.</summary>
    public TimeSpan SignInDelay { get; set; } = TimeSpan.FromSeconds(1);
}
