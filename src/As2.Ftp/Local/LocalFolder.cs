using As2.Storage;

namespace As2.Ftp.Local;

/// <summary>
/// A folder of this machine, spoken to like a partner's server: what is written is durable before the call returns, a rename never
/// replaces, links are not followed. Thread-safe.
/// </summary>
/// <param name="root">The folder; paths are below it.</param>
public sealed class LocalFolder(string root) : IMailboxClient, IFolderMaker
{
    private readonly string _root = Path.GetFullPath(root);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyList<RemoteFile>>(Run(folder, path => new DirectoryInfo(path).EnumerateFileSystemInfos()
            // Exists reads what the rest then says: a file that another gateway takes meanwhile is not listed.
            .Where(entry => entry.Exists && entry.LinkTarget is null)
            .Select(entry => new RemoteFile(entry.Name, (entry as FileInfo)?.Length, entry.LastWriteTimeUtc, entry is DirectoryInfo)).ToList()));

    /// <inheritdoc/>
    public ValueTask<long?> GetSizeAsync(string path, CancellationToken cancellationToken)
        => ValueTask.FromResult(Run(path, full => new FileInfo(full) is { Exists: true, LinkTarget: null } file ? file.Length : (long?)null));

    /// <inheritdoc/>
    public async ValueTask UploadAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        await using var file = Run(path, full => new FileStream(full, FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous));
        try
        {
            await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            DurableFile.Instance.Flush(file.SafeFileHandle, file.Name);
        }
        catch (Exception failure) when (StoreFault.IsOfDisk(failure))
        {
            throw new FtpException(FtpFailure.Busy, $"write {path}: {failure.Message}", inner: failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DownloadAsync(string path, Stream target, CancellationToken cancellationToken)
    {
        await using var file = Run(path, full => new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan));
        await file.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        var target = PathOf(to);
        Run(from, full =>
        {
            DurableFile.Instance.Publish(full, target);
            DurableFile.Instance.FlushFolder(Path.GetDirectoryName(full)!);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Run(path, full =>
        {
            // File.Delete says nothing about a file that is not there.
            File.GetAttributes(full);
            File.Delete(full);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> CreateFolderAsync(string path, CancellationToken cancellationToken)
        => ValueTask.FromResult(Run(path, full =>
        {
            if (Directory.Exists(full))
                return false;
            Directory.CreateDirectory(full);
            DurableFile.Instance.FlushFolder(Path.GetDirectoryName(full)!);
            return true;
        }));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string PathOf(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Any(segment => segment is "." or ".." || segment.AsSpan().ContainsAny('\0', Path.DirectorySeparatorChar)))
            throw new FtpException(FtpFailure.Refused, $"{path} leaves the folder.", 553);
        var full = _root;
        foreach (var segment in segments)
        {
            full = Path.Combine(full, segment);
            if (new FileInfo(full).LinkTarget is not null)
                throw new FtpException(FtpFailure.Refused, $"{path} goes through a link.", 553);
        }
        return full;
    }

    private T Run<T>(string path, Func<string, T> work)
    {
        try
        {
            return work(PathOf(path));
        }
        catch (Exception failure) when (failure is not FtpException && StoreFault.IsOfDisk(failure))
        {
            throw new FtpException(FtpFailure.Refused, $"{path}: {failure.Message}", 550, failure);
        }
    }
}
