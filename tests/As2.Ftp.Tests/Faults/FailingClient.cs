namespace As2.Ftp.Tests.Faults;

/// <summary>Counts the calls of all connections that share it; the n-th fails.</summary>
public sealed class NthCall(int failing, bool isDoneFirst)
{
    private int _calls;

    /// <summary>True once the failing call was made.</summary>
    public bool HasFailed => _calls >= failing;

    public async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> call)
    {
        if (Interlocked.Increment(ref _calls) != failing)
            return await call();
        if (isDoneFirst)
            await call();
        throw new FtpException(FtpFailure.Connection, "The test cuts the connection.");
    }

    public async ValueTask RunAsync(Func<ValueTask> call) => await RunAsync(async () =>
    {
        await call();
        return true;
    });
}

/// <summary>A connection whose n-th call fails: before anything was done, or after all of it.</summary>
public sealed class FailingClient(IMailboxClient inner, NthCall nth) : IMailboxClient, IFolderMaker
{
    public ValueTask<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.ListAsync(folder, cancellationToken));

    public ValueTask<long?> GetSizeAsync(string path, CancellationToken cancellationToken) => nth.RunAsync(() => inner.GetSizeAsync(path, cancellationToken));

    public ValueTask UploadAsync(string path, Stream content, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.UploadAsync(path, content, cancellationToken));

    public ValueTask DownloadAsync(string path, Stream target, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.DownloadAsync(path, target, cancellationToken));

    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken) => nth.RunAsync(() => inner.RenameAsync(from, to, cancellationToken));

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => nth.RunAsync(() => inner.DeleteAsync(path, cancellationToken));

    public ValueTask<bool> CreateFolderAsync(string path, CancellationToken cancellationToken)
        => nth.RunAsync(() => ((IFolderMaker)inner).CreateFolderAsync(path, cancellationToken));

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
