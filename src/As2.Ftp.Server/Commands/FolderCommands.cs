using System.Text;
using As2.Ftp.Server.Connections;
using As2.Ftp.Server.Files;

namespace As2.Ftp.Server.Commands;

/// <summary>Where we are, and what is there.</summary>
internal static class FolderCommands
{
    public static ValueTask<FtpReply?> Pwd(FtpSession session, string argument, CancellationToken cancellationToken)
        => new(new FtpReply(257, $"\"{Doubled(session.Folder)}\" is the folder."));

    public static async ValueTask<FtpReply?> CwdAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var folder = session.Folder.Resolve(argument);
        if (await session.Files.FindAsync(folder, cancellationToken).ConfigureAwait(false) is not { IsFolder: true })
            return new FtpReply(550, $"{folder} is no folder.");
        session.Folder = folder;
        return new FtpReply(250, $"{folder} is the folder.");
    }

    public static ValueTask<FtpReply?> Cdup(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        session.Folder = session.Folder.Parent;
        return new(new FtpReply(250, $"{session.Folder} is the folder."));
    }

    public static async ValueTask<FtpReply?> MkdAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var folder = session.Folder.Resolve(argument);
        await Folders(session).MakeAsync(folder, cancellationToken).ConfigureAwait(false);
        return new FtpReply(257, $"\"{Doubled(folder)}\" was made.");
    }

    public static async ValueTask<FtpReply?> RmdAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var folder = session.Folder.Resolve(argument);
        await Folders(session).RemoveAsync(folder, cancellationToken).ConfigureAwait(false);
        return new FtpReply(250, $"{folder} was removed.");
    }

    public static ValueTask<FtpReply?> ListAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var now = session.Services.Clock.GetUtcNow();
        return SendAsync(session, WithoutOptions(argument), entry => FtpListFormat.List(entry, now), cancellationToken);
    }

    public static ValueTask<FtpReply?> NlstAsync(FtpSession session, string argument, CancellationToken cancellationToken)
        => SendAsync(session, WithoutOptions(argument), entry => entry.Name, cancellationToken);

    public static ValueTask<FtpReply?> MlsdAsync(FtpSession session, string argument, CancellationToken cancellationToken)
        => SendAsync(session, argument, FtpListFormat.Mlsd, cancellationToken);

    private static async ValueTask<FtpReply?> SendAsync(
        FtpSession session, string argument, Func<FtpEntry, string> format, CancellationToken cancellationToken)
    {
        var passive = session.TakePassive();
        var path = session.Folder.Resolve(argument);
        var entry = await session.Files.FindAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new FtpRefusedException(550, $"{path} is not there.");
        var entries = entry.IsFolder ? await session.Files.ListAsync(path, cancellationToken).ConfigureAwait(false) : [entry];
        var listing = Encoding.UTF8.GetBytes(string.Concat(entries.Select(each => format(each) + "\r\n")));
        return await FtpTransfer.RunAsync(session, passive, "the listing", async (data, stop) =>
        {
            using var content = new MemoryStream(listing, writable: false);
            await FtpTransfer.SendAsync(session, content, data, stop).ConfigureAwait(false);
            return new FtpReply(226, $"{entries.Count} entries.");
        }, cancellationToken).ConfigureAwait(false);
    }

    private static IFtpFolders Folders(FtpSession session)
        => session.Files as IFtpFolders ?? throw new FtpRefusedException(550, "The folders are fixed; none can be made or removed.");

    // RFC 959 appendix II: a quote in the name is written twice.
    private static string Doubled(FtpPath folder) => folder.ToString().Replace("\"", "\"\"", StringComparison.Ordinal);

    // Clients write "LIST -la folder", as if a shell were behind it.
    private static string WithoutOptions(string argument)
    {
        while (argument.StartsWith('-'))
        {
            var blank = argument.IndexOf(' ', StringComparison.Ordinal);
            argument = blank < 0 ? "" : argument[(blank + 1)..];
        }
        return argument;
    }
}
