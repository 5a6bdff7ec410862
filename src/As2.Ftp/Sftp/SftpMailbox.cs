using Renci.SshNet;
using Renci.SshNet.Common;

namespace As2.Ftp.Sftp;

/// <summary>A signed-in SFTP session over SSH.NET. A rename refuses a taken name. Not thread-safe.</summary>
public sealed class SftpMailbox : IMailboxClient, IFolderMaker
{
    private readonly SftpClient _client;
    private readonly SftpOptions _options;

    private SftpMailbox(SftpClient client, SftpOptions options) => (_client, _options) = (client, options);

    /// <summary>Connects, checks the host key and signs in.</summary>
    /// <exception cref="FtpException">It did not work; <see cref="FtpException.Failure"/> says what to do.</exception>
    /// <exception cref="As2Exception">AS2-FTP-002: neither password nor key, a key that cannot be read, or no host key.</exception>
    public static async Task<SftpMailbox> ConnectAsync(SftpOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var client = new SftpClient(SftpConnection.Create(options)) { OperationTimeout = options.CommandTimeout };
        string? stranger = null;
        client.HostKeyReceived += (_, key) =>
        {
            key.CanTrust = SftpConnection.IsAccepted(options, key.FingerPrintSHA256);
            stranger = key.CanTrust ? null : key.FingerPrintSHA256;
        };
        try
        {
            await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return new SftpMailbox(client, options);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            client.Dispose();
            throw stranger is not null
                ? new FtpException(FtpFailure.Trust, $"{options.Host} has the host key SHA256:{stranger}, which is not accepted.", inner: failure)
                : SftpFailure.From(failure, $"Connecting to {options.Host}:{options.Port}");
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken)
        => RunAsync<IReadOnlyList<RemoteFile>>($"list {folder}", async () =>
        {
            var files = new List<RemoteFile>();
            await foreach (var file in _client.ListDirectoryAsync(folder, cancellationToken).ConfigureAwait(false))
            {
                // A link may point anywhere; only what is in the folder itself counts.
                if (FtpListing.IsName(file.Name) && !file.IsSymbolicLink)
                    files.Add(new RemoteFile(file.Name, file.IsDirectory ? null : file.Length, new DateTimeOffset(file.LastWriteTimeUtc), file.IsDirectory));
            }
            return files;
        });

    /// <inheritdoc/>
    public ValueTask<long?> GetSizeAsync(string path, CancellationToken cancellationToken) => RunAsync<long?>($"stat {path}", async () =>
    {
        try
        {
            var found = await _client.GetAttributesAsync(path, cancellationToken).ConfigureAwait(false);
            return found.IsDirectory ? null : found.Size;
        }
        catch (SftpPathNotFoundException)
        {
            return null;
        }
    });

    /// <inheritdoc/>
    public async ValueTask UploadAsync(string path, Stream content, CancellationToken cancellationToken) => await RunAsync($"write {path}", async () =>
    {
        await _client.UploadFileAsync(content, path, cancellationToken).ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DownloadAsync(string path, Stream target, CancellationToken cancellationToken) => await RunAsync($"read {path}", async () =>
    {
        var size = (await _client.GetAttributesAsync(path, cancellationToken).ConfigureAwait(false)).Size;
        using var counted = new CountedStream(target, Math.Min(size, _options.MaxDownloadBytes));
        await _client.DownloadFileAsync(path, counted, cancellationToken).ConfigureAwait(false);
        return counted.Count == size ? true : throw new FtpException(FtpFailure.Protocol, $"read {path}: {counted.Count} of {size} bytes came.");
    }).ConfigureAwait(false);

    /// <summary>Reads a file from an offset to its end. Returns only when all of it came.</summary>
    public async ValueTask DownloadAsync(string path, long offset, Stream target, CancellationToken cancellationToken) => await RunAsync($"read {path}", async () =>
    {
        await using var file = await _client.OpenAsync(path, FileMode.Open, FileAccess.Read, cancellationToken).ConfigureAwait(false);
        var expected = file.Length - offset;
        file.Seek(offset, SeekOrigin.Begin);
        using var counted = new CountedStream(target, Math.Min(expected, _options.MaxDownloadBytes));
        await file.CopyToAsync(counted, cancellationToken).ConfigureAwait(false);
        return counted.Count == expected ? true : throw new FtpException(FtpFailure.Protocol, $"read {path}: {counted.Count} of {expected} bytes came.");
    }).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken) => await RunAsync($"rename {from} to {to}", async () =>
    {
        await _client.RenameFileAsync(from, to, cancellationToken).ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => await RunAsync($"remove {path}", async () =>
    {
        await _client.DeleteFileAsync(path, cancellationToken).ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> CreateFolderAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync($"mkdir {path}", async () =>
            {
                await _client.CreateDirectoryAsync(path, cancellationToken).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }
        catch (FtpException refused) when (refused.Failure == FtpFailure.Refused)
        {
            return false;
        }
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync() => await Task.Run(_client.Dispose).ConfigureAwait(false);

    private static async ValueTask<T> RunAsync<T>(string what, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SshException or System.Net.Sockets.SocketException or ObjectDisposedException or SftpPathNotFoundException)
        {
            throw SftpFailure.From(failure, what);
        }
    }
}
