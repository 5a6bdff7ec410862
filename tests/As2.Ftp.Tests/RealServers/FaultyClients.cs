namespace As2.Ftp.Tests.RealServers;

/// <summary>Where a <see cref="DyingClient"/> dies.</summary>
public enum FaultAt
{
    /// <summary>Before the upload ends: half the file is there.</summary>
    Upload,

    /// <summary>After the upload, before the checkpoint.</summary>
    AfterUpload,

    /// <summary>Before the rename.</summary>
    Rename,

    /// <summary>After the rename, before its answer.</summary>
    AfterRename,
}

/// <summary>A client whose process dies at a step: from there on nothing is done.</summary>
public sealed class DyingClient(IMailboxClient inner, FaultAt step) : IMailboxClient
{
    public ValueTask<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken) => inner.ListAsync(folder, cancellationToken);

    public ValueTask<long?> GetSizeAsync(string path, CancellationToken cancellationToken)
        => step == FaultAt.AfterUpload && path.EndsWith(".part", StringComparison.Ordinal) ? throw Died() : inner.GetSizeAsync(path, cancellationToken);

    public async ValueTask UploadAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        if (step != FaultAt.Upload || !path.EndsWith(".part", StringComparison.Ordinal))
        {
            await inner.UploadAsync(path, content, cancellationToken);
            return;
        }
        var half = new byte[content.Length / 2];
        await content.ReadExactlyAsync(half, cancellationToken);
        await inner.UploadAsync(path, new MemoryStream(half), cancellationToken);
        throw Died();
    }

    public ValueTask DownloadAsync(string path, Stream target, CancellationToken cancellationToken) => inner.DownloadAsync(path, target, cancellationToken);

    public async ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        if (step == FaultAt.AfterRename)
            await inner.RenameAsync(from, to, cancellationToken);
        throw Died();
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static FtpException Died() => new(FtpFailure.Connection, "died");
}

/// <summary>A client that stands still before its rename until it is woken.</summary>
public sealed class StallingClient(IMailboxClient inner, TaskCompletionSource stands, Task woken) : IMailboxClient
{
    public ValueTask<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken) => inner.ListAsync(folder, cancellationToken);

    public ValueTask<long?> GetSizeAsync(string path, CancellationToken cancellationToken) => inner.GetSizeAsync(path, cancellationToken);

    public ValueTask UploadAsync(string path, Stream content, CancellationToken cancellationToken) => inner.UploadAsync(path, content, cancellationToken);

    public ValueTask DownloadAsync(string path, Stream target, CancellationToken cancellationToken) => inner.DownloadAsync(path, target, cancellationToken);

    public async ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        stands.TrySetResult();
        await woken;
        await inner.RenameAsync(from, to, cancellationToken);
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A client whose uploads arrive in full length with one octet changed.</summary>
public sealed class GarblingClient(IMailboxClient inner) : IMailboxClient
{
    public ValueTask<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken) => inner.ListAsync(folder, cancellationToken);

    public ValueTask<long?> GetSizeAsync(string path, CancellationToken cancellationToken) => inner.GetSizeAsync(path, cancellationToken);

    public async ValueTask UploadAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        using var garbled = new MemoryStream();
        await content.CopyToAsync(garbled, cancellationToken);
        garbled.GetBuffer()[garbled.Length / 2] ^= 1;
        garbled.Position = 0;
        await inner.UploadAsync(path, garbled, cancellationToken);
    }

    public ValueTask DownloadAsync(string path, Stream target, CancellationToken cancellationToken) => inner.DownloadAsync(path, target, cancellationToken);

    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken) => inner.RenameAsync(from, to, cancellationToken);

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
