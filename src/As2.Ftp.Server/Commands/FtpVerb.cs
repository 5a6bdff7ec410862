using As2.Ftp.Server.Connections;

namespace As2.Ftp.Server.Commands;

/// <summary>What must be true before a command runs.</summary>
internal enum FtpNeed
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>TLS on the control connection, unless plain is allowed.</summary>
    Tls,

    /// <summary>A signed-in account.</summary>
    Account,
}

/// <summary>Runs a command. Null: it has answered already.</summary>
internal delegate ValueTask<FtpReply?> FtpAction(FtpSession session, string argument, CancellationToken cancellationToken);

/// <summary>A command that the server knows.</summary>
internal sealed record FtpVerb(FtpNeed Need, FtpAction Run)
{
    public static FtpVerb Says(FtpNeed need, int code, string text) => new(need, (_, _, _) => new(new FtpReply(code, text)));
}
