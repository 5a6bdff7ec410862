namespace As2.Ftp.Server.Mailbox;

/// <summary>A user of the server and what the account may hold. Immutable.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="PasswordHash">The password as <see cref="Accounts.FtpPassword.Hash"/> gave it; null: this user has none.</param>
public sealed record FtpUser(string Account, string? PasswordHash)
{
    /// <summary>
    /// SHA-256 fingerprints of certificates, 64 hexadecimal digits each; a client that proves one of them needs no password. Default: none.
    /// </summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    /// <summary>Most files in all folders together. Default: 100,000.</summary>
    public long MaxFiles { get; init; } = 100_000;

    /// <summary>Most bytes in all folders together. Default: no limit.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>Told what the user does, on the session's own thread: it returns at once and throws nothing. Default: nobody is told.</summary>
    public Action<FtpUse>? Used { get; init; }
}

/// <summary>What a user does that its operator asks for later.</summary>
public enum FtpUse
{
    /// <summary>Signed in.</summary>
    SignIn,

    /// <summary>Took a whole file.</summary>
    PickUp,
}

/// <summary>Finds a user; null: there is none of that name.</summary>
public delegate ValueTask<FtpUser?> FtpUserLookup(string user, CancellationToken cancellationToken);
