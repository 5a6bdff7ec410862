using As2.Ftp.Server.Connections;
using As2.Ftp.Server.Files;

namespace As2.Ftp.Server.Commands;

/// <summary>One file: its facts, its name, its end.</summary>
internal static class FileCommands
{
    public static async ValueTask<FtpReply?> MlstAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var path = session.Folder.Resolve(argument);
        var entry = await session.Files.FindAsync(path, cancellationToken).ConfigureAwait(false) ?? throw NotThere(path);
        return new FtpReply(250, "Facts:") { Between = [$"{FtpListFormat.Facts(entry)} {path}"] };
    }

    public static async ValueTask<FtpReply?> SizeAsync(FtpSession session, string argument, CancellationToken cancellationToken)
        => new FtpReply(213, $"{(await FindFileAsync(session, argument, cancellationToken).ConfigureAwait(false)).Length}");

    public static async ValueTask<FtpReply?> MdtmAsync(FtpSession session, string argument, CancellationToken cancellationToken)
        => new FtpReply(213, FtpListFormat.Time((await FindFileAsync(session, argument, cancellationToken).ConfigureAwait(false)).Modified));

    public static async ValueTask<FtpReply?> RnfrAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        await FindFileAsync(session, argument, cancellationToken).ConfigureAwait(false);
        session.RenameFrom = session.Folder.Resolve(argument);
        return new FtpReply(350, "RNTO with the new name, please.");
    }

    public static async ValueTask<FtpReply?> RntoAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.RenameFrom is not { } from)
            return new FtpReply(503, "RNFR first.");
        var to = session.Folder.Resolve(argument);
        var outcome = await session.Files.RenameAsync(from, to, cancellationToken).ConfigureAwait(false);
        FtpServerLog.Renamed(session.Log, session.Id, session.Account!.Name, from.ToString(), to.ToString(), outcome);
        return new FtpReply(250, outcome);
    }

    public static async ValueTask<FtpReply?> DeleAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var path = session.Folder.Resolve(argument);
        await session.Files.DeleteAsync(path, cancellationToken).ConfigureAwait(false);
        FtpServerLog.Deleted(session.Log, session.Id, session.Account!.Name, path.ToString());
        return new FtpReply(250, "Deleted.");
    }

    private static async Task<FtpEntry> FindFileAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var path = session.Folder.Resolve(argument);
        return await session.Files.FindAsync(path, cancellationToken).ConfigureAwait(false) is { IsFolder: false } entry ? entry : throw NotThere(path);
    }

    private static FtpRefusedException NotThere(FtpPath path) => new(550, $"{path} is not there.");
}
