using As2.Ftp.Server.Files;
using As2.Routes;
using As2.Storage;

namespace As2.Ftp.Server.Mailbox;

/// <summary>
/// Sub-folders of an account's outbox, for clients that sort what they send. The store knows names only: a file in a sub-folder has
/// its path as its name, <c>orders/1.edi</c>, and a sub-folder is an empty file whose name ends in a slash. Thread-safe.
/// </summary>
internal sealed class MailboxTree(string account, IMailboxStore mailbox, TimeProvider clock)
{
    private const int MaxDepth = 4;

    /// <summary>Where a path leads: one of the five folders and a name in it; the name is empty for the folder itself. Null: nowhere.</summary>
    public static (string Folder, string Name)? Place(FtpPath path)
        => path.Segments.Count > 0 && MailboxFolder.All.Contains(path.Segments[0])
            ? (path.Segments[0], string.Join('/', path.Segments.Skip(1)))
            : null;

    /// <summary>True for a file that its owner is not done with, by its own name or that of a folder above it.</summary>
    public static bool IsUnfinished(string name) => name.Split('/').Any(UnfinishedNames.Contains);

    /// <summary>True for one of the five folders and for a sub-folder that was made.</summary>
    public async ValueTask<bool> HasFolderAsync(FtpPath path, CancellationToken cancellationToken)
        => Place(path) is (var folder, var name)
            && (name.Length == 0 || await mailbox.FindAsync(account, folder, Marker(name), cancellationToken).ConfigureAwait(false) is not null);

    /// <summary>What is directly in a folder.</summary>
    public async ValueTask<IReadOnlyList<FtpEntry>> ListAsync(FtpPath path, CancellationToken cancellationToken)
    {
        if (Place(path) is not (var folder, var name))
            return [];
        var prefix = name.Length == 0 ? "" : Marker(name);
        var entries = new List<FtpEntry>();
        foreach (var file in await mailbox.ListAsync(account, folder, cancellationToken).ConfigureAwait(false))
        {
            if (!file.Name.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            var rest = file.Name[prefix.Length..];
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 && rest.Length > 0)
                entries.Add(new FtpEntry(rest, false, file.Content.Length, file.Modified));
            else if (slash > 0 && slash == rest.Length - 1)
                entries.Add(new FtpEntry(rest[..slash], true, 0, file.Modified));
        }
        return entries;
    }

    /// <summary>Makes a sub-folder of the outbox.</summary>
    /// <exception cref="FtpRefusedException">550: it is elsewhere, too deep, there already, or its parent is not there.</exception>
    public async ValueTask MakeAsync(FtpPath path, CancellationToken cancellationToken)
    {
        if (Place(path) is not (MailboxFolder.Outbox, var name) || name.Length == 0)
            throw new FtpRefusedException(550, $"{path} cannot be made: folders are made in /{MailboxFolder.Outbox} only.");
        if (path.Segments.Count - 1 > MaxDepth)
            throw new FtpRefusedException(550, $"{path} cannot be made: {MaxDepth} folders deep is the limit.");
        if (!await HasFolderAsync(path.Parent, cancellationToken).ConfigureAwait(false))
            throw new FtpRefusedException(550, $"{path.Parent} is not there.");
        var marker = new MailboxFile(account, MailboxFolder.Outbox, Marker(name), StoredContent.FromBytes(default), clock.GetUtcNow(), null);
        if (await mailbox.FindAsync(account, MailboxFolder.Outbox, name, cancellationToken).ConfigureAwait(false) is not null
            || !await mailbox.AddAsync(marker, cancellationToken).ConfigureAwait(false))
            throw new FtpRefusedException(550, $"{path} exists.");
    }

    /// <summary>Removes an empty sub-folder.</summary>
    /// <exception cref="FtpRefusedException">550: it is not there, not empty, or one of the five.</exception>
    public async ValueTask RemoveAsync(FtpPath path, CancellationToken cancellationToken)
    {
        if (Place(path) is not (MailboxFolder.Outbox, var name) || name.Length == 0)
            throw new FtpRefusedException(550, $"{path} cannot be removed.");
        if ((await ListAsync(path, cancellationToken).ConfigureAwait(false)).Count > 0)
            throw new FtpRefusedException(550, $"{path} is not empty.");
        if (!await mailbox.RemoveAsync(account, MailboxFolder.Outbox, Marker(name), cancellationToken).ConfigureAwait(false))
            throw new FtpRefusedException(550, $"{path} is not there.");
    }

    private static string Marker(string name) => name + "/";
}
