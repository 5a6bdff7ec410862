using As2.Ftp;
using FluentFTP;
using Theirs = FluentFTP.Exceptions;

namespace FluentFtpAdapter;

/// <summary>A connected client of FluentFTP as a mailbox client: for FtpDestination and FtpSource.</summary>
public sealed class FluentFtpMailbox(AsyncFtpClient client) : IMailboxClient, IFolderMaker
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken)
        => RunAsync<IReadOnlyList<RemoteFile>>(async () =>
        {
            var entries = await client.GetListing(folder, FtpListOption.ForceList | FtpListOption.AllFiles, cancellationToken).ConfigureAwait(false);
            return [.. entries.Where(entry => entry.Type != FtpObjectType.Link && entry.Name is not ("." or ".."))
                .Select(entry => new RemoteFile(
                    entry.Name, entry.Type == FtpObjectType.File ? entry.Size : null,
                    entry.Modified == DateTime.MinValue ? null : new DateTimeOffset(DateTime.SpecifyKind(entry.Modified, DateTimeKind.Utc)),
                    entry.Type == FtpObjectType.Directory))];
        });

    /// <inheritdoc/>
    public ValueTask<long?> GetSizeAsync(string path, CancellationToken cancellationToken) => RunAsync(async () =>
        await client.GetFileSize(path, -1, cancellationToken).ConfigureAwait(false) is var size and >= 0 ? size : (long?)null);

    /// <inheritdoc/>
    public async ValueTask UploadAsync(string path, Stream content, CancellationToken cancellationToken) => await RunAsync(async () =>
        await client.UploadStream(content, path, FtpRemoteExists.NoCheck, token: cancellationToken).ConfigureAwait(false) == FtpStatus.Success
            ? true
            : throw new FtpException(FtpFailure.Protocol, $"STOR {path} did not end well.")).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DownloadAsync(string path, Stream target, CancellationToken cancellationToken) => await RunAsync(async () =>
        await client.DownloadStream(target, path, token: cancellationToken).ConfigureAwait(false)
            ? true
            : throw new FtpException(FtpFailure.Refused, $"RETR {path} was refused.")).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken) => await RunAsync(async () =>
    {
        await client.Rename(from, to, cancellationToken).ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => await RunAsync(async () =>
    {
        await client.DeleteFile(path, cancellationToken).ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> CreateFolderAsync(string path, CancellationToken cancellationToken)
        => RunAsync(() => client.CreateDirectory(path, force: false, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await client.Disconnect().ConfigureAwait(false);
        client.Dispose();
    }

    // Destination and source decide by what must happen next, not by words.
    private static async ValueTask<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Theirs.FtpCommandException refused)
        {
            var code = int.TryParse(refused.CompletionCode, out var number) ? number : 0;
            throw new FtpException(code / 100 == 4 ? FtpFailure.Busy : FtpFailure.Refused, refused.Message, code, refused);
        }
        catch (Exception broken) when (broken is Theirs.FtpException or TimeoutException or IOException and not FtpException)
        {
            throw new FtpException(FtpFailure.Connection, broken.Message, inner: broken);
        }
    }
}
