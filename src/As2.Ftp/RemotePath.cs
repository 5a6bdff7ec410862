namespace As2.Ftp;

/// <summary>Paths on a server: names with slashes between.</summary>
internal static class RemotePath
{
    public static string Join(string folder, string name) => $"{folder.TrimEnd('/')}/{name}";

    /// <summary>The folders above a path below a root, the outermost first: <c>a/b/c.edi</c> gives <c>a</c>, <c>a/b</c>.</summary>
    public static IEnumerable<string> Parents(string path)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
            yield return path[..slash];
    }

    /// <summary>Makes a folder and those above it; what is there already, or cannot be made, shows with the next command.</summary>
    public static async Task EnsureFolderAsync(IMailboxClient client, string folder, CancellationToken cancellationToken)
    {
        if (client is not IFolderMaker maker)
            return;
        var trimmed = folder.TrimEnd('/');
        if (trimmed.Length == 0 || await maker.CreateFolderAsync(trimmed, cancellationToken).ConfigureAwait(false))
            return;
        foreach (var parent in Parents(trimmed))
            await maker.CreateFolderAsync(parent, cancellationToken).ConfigureAwait(false);
        await maker.CreateFolderAsync(trimmed, cancellationToken).ConfigureAwait(false);
    }
}
