using System.Net.Sockets;
using As2.Ftp.Server.Connections;

namespace As2.Ftp.Server.Commands;

/// <summary>EPSV (RFC 2428) and PASV.</summary>
internal static class PassiveCommands
{
    public static ValueTask<FtpReply?> Epsv(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (argument.Equals("ALL", StringComparison.OrdinalIgnoreCase))
        {
            session.OnlyExtendedPassive = true;
            return new(new FtpReply(200, "EPSV only from here on."));
        }
        var mine = PassiveListener.Plain(session.Local.Address).AddressFamily == AddressFamily.InterNetworkV6 ? "2" : "1";
        if (argument.Length > 0 && argument != mine)
            return new(new FtpReply(522, $"Use ({mine})."));
        return new(new FtpReply(229, $"Entering extended passive mode (|||{Open(session).Port}|)"));
    }

    public static ValueTask<FtpReply?> Pasv(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var address = session.Services.Options.PublicAddress ?? PassiveListener.Plain(session.Local.Address);
        if (session.OnlyExtendedPassive || address.AddressFamily != AddressFamily.InterNetwork)
            return new(new FtpReply(425, "Use EPSV."));
        var port = Open(session).Port;
        var octets = string.Join(',', address.GetAddressBytes());
        return new(new FtpReply(227, $"Entering passive mode ({octets},{port / 256},{port % 256})"));
    }

    private static PassiveListener Open(FtpSession session) => session.OpenPassive(PassiveListener.Open(
        PassiveListener.Plain(session.Local.Address), session.Services.Options, session.Services.Clock,
        stranger => FtpServerLog.StrangeData(session.Log, session.Id, stranger)));
}
