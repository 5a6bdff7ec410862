using System.Text;

namespace As2.Ftp;

/// <summary>
/// A signed-in FTP or FTPS session (RFC 959, 2228, 2389, 2428, 3659, 4217): binary, passive, TLS on both connections unless the
/// account says otherwise. Not thread-safe.
/// </summary>
public sealed class FtpClient : IMailboxClient, IFolderMaker
{
    private const int MaxListingBytes = 64 << 20;

    private FtpSession _session;
    private FtpTransfer _transfer;

    private FtpClient(FtpSession session) => (_session, _transfer) = (session, new FtpTransfer(session));

    /// <summary>Connects and signs in.</summary>
    /// <exception cref="FtpException">It did not work; <see cref="FtpException.Failure"/> says what to do.</exception>
    public static Task<FtpClient> ConnectAsync(FtpClientOptions options, CancellationToken cancellationToken = default)
        => ConnectAsync(options, TimeProvider.System, cancellationToken);

    /// <inheritdoc cref="ConnectAsync(FtpClientOptions, CancellationToken)"/>
    public static async Task<FtpClient> ConnectAsync(FtpClientOptions options, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new FtpClient(await FtpSession.OpenAsync(options, clock, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>False after a failure that left the connection unusable.</summary>
    public bool IsUsable => !_session.Control.IsBroken;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        if (_session.Features.Contains("MLST") || _session.Features.Contains("MLSD"))
        {
            var lines = await ReadLinesAsync($"MLSD {folder}", cancellationToken).ConfigureAwait(false);
            return [.. lines.Select(FtpListing.ReadMlsd).OfType<RemoteFile>()];
        }
        return FtpListing.ReadList(await ReadLinesAsync($"LIST {folder}", cancellationToken).ConfigureAwait(false))
            ?? await ListNamesAsync(folder, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<long?> GetSizeAsync(string path, CancellationToken cancellationToken)
    {
        var (isKnown, length) = await AskSizeAsync(path, cancellationToken).ConfigureAwait(false);
        return isKnown ? length : await FindSizeAsync(path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The last change of a file (MDTM); null: it is not there, or the server does not say.</summary>
    public async ValueTask<DateTimeOffset?> GetModifiedAsync(string path, CancellationToken cancellationToken)
    {
        var reply = await _session.Control.SendAsync($"MDTM {path}", cancellationToken).ConfigureAwait(false);
        return reply.Code == 213 ? FtpListing.ReadTime(reply.Text.Trim()) : null;
    }

    /// <inheritdoc/>
    public async ValueTask UploadAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        var start = content.CanSeek ? content.Position : 0;
        try
        {
            await _transfer.SendAsync($"STOR {path}", content, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException refused) when (_session.MayRefuseSessionReuse(refused))
        {
            await ReopenAsync(cancellationToken).ConfigureAwait(false);
            if (!content.CanSeek)
                throw;
            content.Position = start;
            await _transfer.SendAsync($"STOR {path}", content, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DownloadAsync(string path, Stream target, CancellationToken cancellationToken)
        => DownloadAsync(path, 0, target, cancellationToken);

    /// <summary>Reads a file from an offset to its end (REST, RFC 3659 §5). Returns only when all of it came.</summary>
    public async ValueTask DownloadAsync(string path, long offset, Stream target, CancellationToken cancellationToken)
    {
        var size = _session.Features.Contains("SIZE")
            ? await GetSizeAsync(path, cancellationToken).ConfigureAwait(false)
              ?? throw new FtpException(FtpFailure.Refused, $"RETR {path}: it is not there.", 550)
            : (long?)null;
        var expected = size - offset;
        var (length, endProven) = await ReceiveAsync(
            $"RETR {path}", offset, target, Math.Min(expected ?? long.MaxValue, _session.Options.MaxDownloadBytes), cancellationToken).ConfigureAwait(false);
        if (expected is null ? _session.Tls is not null && !endProven : length != expected)
            throw new FtpException(FtpFailure.Protocol, $"RETR {path}: {length} bytes came, {expected?.ToString() ?? "more"} were expected.");
    }

    /// <inheritdoc/>
    public async ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        var reply = await _session.Control.SendAsync($"RNFR {from}", cancellationToken).ConfigureAwait(false);
        if (!reply.IsIntermediate)
            throw reply.ToException($"RNFR {from}");
        await _session.DemandAsync($"RNTO {to}", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
        => await _session.DemandAsync($"DELE {path}", cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> CreateFolderAsync(string path, CancellationToken cancellationToken)
        => (await _session.Control.SendAsync($"MKD {path}", cancellationToken).ConfigureAwait(false)).IsPositive;

    /// <summary>Says QUIT when nothing is under way, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (IsUsable)
                await _session.Control.SendAsync("QUIT", CancellationToken.None).ConfigureAwait(false);
        }
        catch (FtpException)
        {
            // The server closed first.
        }
        await _session.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<(long Length, bool EndProven)> ReceiveAsync(
        string command, long offset, Stream target, long max, CancellationToken cancellationToken)
    {
        try
        {
            return await _transfer.ReceiveAsync(command, offset, target, max, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException refused) when (_session.MayRefuseSessionReuse(refused))
        {
            await ReopenAsync(cancellationToken).ConfigureAwait(false);
            return await _transfer.ReceiveAsync(command, offset, target, max, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        await _session.DisposeAsync().ConfigureAwait(false);
        _session = await FtpSession.OpenAsync(_session.Options, _session.Clock, cancellationToken).ConfigureAwait(false);
        _transfer = new FtpTransfer(_session);
    }

    // Not known: the server has no SIZE (RFC 959 §4.2: 500, 502, 504).
    private async Task<(bool IsKnown, long? Length)> AskSizeAsync(string path, CancellationToken cancellationToken)
    {
        var command = $"SIZE {path}";
        var reply = await _session.Control.SendAsync(command, cancellationToken).ConfigureAwait(false);
        return reply.Code switch
        {
            213 => (true, FtpListing.ReadLength(reply.Text.Trim()) ?? throw new FtpException(FtpFailure.Protocol, $"{command}: {reply.Text} is no length.", 213)),
            550 => (true, null),
            500 or 502 or 504 => (false, null),
            _ => throw reply.ToException(command),
        };
    }

    private async Task<long?> FindSizeAsync(string path, CancellationToken cancellationToken)
    {
        var slash = path.LastIndexOf('/');
        var name = path[(slash + 1)..];
        try
        {
            var found = (await ListAsync(slash <= 0 ? "/" : path[..slash], cancellationToken).ConfigureAwait(false)).FirstOrDefault(file => file.Name == name);
            return found is null or { IsFolder: true }
                ? null
                : found.Length ?? throw new FtpException(FtpFailure.Refused, $"The server tells no lengths, neither by SIZE nor in listings: {path} cannot be proved whole.");
        }
        catch (FtpException none) when (none.Code == 550)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<RemoteFile>> ListNamesAsync(string folder, CancellationToken cancellationToken)
    {
        var files = new List<RemoteFile>();
        foreach (var line in await ReadLinesAsync($"NLST {folder}", cancellationToken).ConfigureAwait(false))
        {
            var name = line[(line.LastIndexOf('/') + 1)..];
            if (!FtpListing.IsName(name))
                continue;
            var (isKnown, length) = await AskSizeAsync($"{folder.TrimEnd('/')}/{name}", cancellationToken).ConfigureAwait(false);
            files.Add(new RemoteFile(name, length, null, IsFolder: isKnown && length is null));
        }
        return files;
    }

    private async Task<string[]> ReadLinesAsync(string command, CancellationToken cancellationToken)
    {
        using var listing = new MemoryStream();
        await ReceiveAsync(command, 0, listing, MaxListingBytes, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(listing.GetBuffer(), 0, (int)listing.Length)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')).ToArray();
    }
}
