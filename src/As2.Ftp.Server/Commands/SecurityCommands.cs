using As2.Ftp.Server.Connections;

namespace As2.Ftp.Server.Commands;

/// <summary>AUTH, PBSZ, PROT (RFC 2228, 4217).</summary>
internal static class SecurityCommands
{
    public static async ValueTask<FtpReply?> AuthAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!argument.Equals("TLS", StringComparison.OrdinalIgnoreCase) && !argument.Equals("TLS-C", StringComparison.OrdinalIgnoreCase))
            return new FtpReply(504, "Use AUTH TLS.");
        if (session.Control.IsSecure || !session.Services.Tls.IsOffered)
            return new FtpReply(503, session.Control.IsSecure ? "TLS is on already." : "TLS is not offered here.");
        if (session.Control.HasBuffered)
            return new FtpReply(421, "Commands after AUTH TLS came before TLS.") { Closes = true };
        var tls = session.Services.Tls.Current;
        await session.Control.WriteAsync(new FtpReply(234, "TLS begins."), cancellationToken).ConfigureAwait(false);
        await session.Control.SecureAsync(tls, cancellationToken).ConfigureAwait(false);
        session.User = null;
        return null;
    }

    public static ValueTask<FtpReply?> Pbsz(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!session.Control.IsSecure)
            return new(new FtpReply(503, "AUTH TLS first."));
        session.BufferAgreed = true;
        return new(new FtpReply(200, "PBSZ=0"));
    }

    public static ValueTask<FtpReply?> Prot(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!session.BufferAgreed)
            return new(new FtpReply(503, "PBSZ 0 first."));
        FtpReply? reply = argument.ToUpperInvariant() switch
        {
            "P" => Set(session, true),
            "C" when session.MayTalkPlain => Set(session, false),
            "C" => new FtpReply(534, "Data connections must be protected: PROT P."),
            "S" or "E" => new FtpReply(536, "TLS knows PROT P only."),
            _ => new FtpReply(504, "Use PROT P."),
        };
        return new(reply);
    }

    private static FtpReply Set(FtpSession session, bool isProtected)
    {
        session.DataIsProtected = isProtected;
        return new FtpReply(200, isProtected ? "Data connections are protected." : "Data connections are plain.");
    }
}
