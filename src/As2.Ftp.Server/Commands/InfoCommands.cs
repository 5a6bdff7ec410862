using System.Globalization;
using As2.Ftp.Server.Connections;

namespace As2.Ftp.Server.Commands;

/// <summary>What the server can do, and the parameters of transfers.</summary>
internal static class InfoCommands
{
    private const string Facts = "type*;size*;modify*;perm*;";

    public static ValueTask<FtpReply?> Feat(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string[] always = ["CLNT", "EPSV", "MDTM", $"MLST {Facts}", "REST STREAM", "SIZE", "TVFS", "UTF8"];
        string[] tls = session.Services.Tls.IsOffered ? ["AUTH TLS", "PBSZ", "PROT"] : [];
        return new(new FtpReply(211, "Features:") { Between = [.. tls, .. always] });
    }

    public static ValueTask<FtpReply?> Help(FtpSession session, string argument, CancellationToken cancellationToken)
        => new(new FtpReply(214, "Commands:") { Between = [.. FtpVerbs.Names.Chunk(10).Select(names => string.Join(' ', names))] });

    public static ValueTask<FtpReply?> Opts(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var words = argument.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        FtpReply? reply = words switch
        {
            ["UTF8", "ON"] or ["UTF8"] or ["UTF-8", "ON"] or ["UTF-8"] => new FtpReply(200, "UTF-8 is always on."),
            ["MLST", ..] => new FtpReply(200, $"MLST OPTS {Facts.Replace("*", "", StringComparison.Ordinal)}"),
            _ => new FtpReply(501, "No such option."),
        };
        return new(reply);
    }

    public static ValueTask<FtpReply?> Stat(FtpSession session, string argument, CancellationToken cancellationToken)
        => new(argument.Length > 0
            ? new FtpReply(504, "Use MLST or MLSD.")
            : new FtpReply(211, "Status:")
            {
                Between =
                [
                    $"Signed in as {session.Account!.Name} from {session.Remote.Address}",
                    $"Control: {(session.Control.IsSecure ? "TLS" : "plain")}, data: {(session.DataIsProtected ? "TLS" : "plain")}",
                    $"Folder: {session.Folder}",
                ],
            });

    // Octets pass unchanged whatever the type: an interchange is octets, and a changed line end would break its signature.
    public static ValueTask<FtpReply?> Type(FtpSession session, string argument, CancellationToken cancellationToken)
        => new(argument.ToUpperInvariant() is "I" or "A" or "A N" or "L 8" or "L8"
            ? new FtpReply(200, "Octets pass unchanged.")
            : new FtpReply(504, "Use TYPE I."));

    public static ValueTask<FtpReply?> Mode(FtpSession session, string argument, CancellationToken cancellationToken)
        => new(argument is "S" or "s" ? new FtpReply(200, "Stream.") : new FtpReply(504, "Use MODE S."));

    public static ValueTask<FtpReply?> Stru(FtpSession session, string argument, CancellationToken cancellationToken)
        => new(argument is "F" or "f" ? new FtpReply(200, "File.") : new FtpReply(504, "Use STRU F."));

    public static ValueTask<FtpReply?> Allo(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!TryRead(argument.Split(' ')[0], out var length))
            return new(new FtpReply(501, "ALLO needs a number of bytes."));
        if (length > session.Services.Limits.MaxUploadBytes)
            return new(new FtpReply(552, $"A file has at most {session.Services.Limits.MaxUploadBytes} bytes."));
        session.ExpectedLength = length;
        return new(new FtpReply(200, $"{length} bytes expected."));
    }

    public static ValueTask<FtpReply?> Rest(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!TryRead(argument, out var offset))
            return new(new FtpReply(501, "REST needs an offset in bytes."));
        session.RestartAt = offset;
        return new(new FtpReply(350, $"The next download begins at {offset}."));
    }

    private static bool TryRead(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
