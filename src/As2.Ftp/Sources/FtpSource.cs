using As2.Ftp.Destinations;
using As2.Storage;
using Microsoft.Extensions.Logging;

namespace As2.Ftp.Sources;

/// <summary>
/// Takes files from a folder outside, each once, however many gateways look at it: 1 look → 2 claim by a rename into the claim folder,
/// which one of them wins → 3 download, compare the length, make it durable → 4 make it a message under the claim's key, once → 5
/// delete or file the claim. A claim whose owner died is taken up by the next look of the same gateway; a claim that is a message
/// already is only put away. One connection, kept between looks; a server that does not answer delays its own source only.
/// One look at a time.
/// </summary>
public sealed class FtpSource
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromHours(1);

    private readonly FtpSourceOptions _options;
    private readonly ClaimWork _work;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly MailboxConnections _connections;
    private readonly WholeFiles _whole;
    private readonly Dictionary<string, (TimeSpan Pause, DateTimeOffset Until)> _setAside = new(StringComparer.Ordinal);
    private bool _isPrepared;

    /// <summary>Creates the source.</summary>
    /// <param name="options">Where.</param>
    /// <param name="blobs">Keeps the octets.</param>
    /// <param name="take">Makes messages.</param>
    /// <param name="log">Where troubles are told.</param>
    /// <param name="clock">Default: the system's.</param>
    /// <exception cref="As2Exception">AS2-FTP-004: the owner's name cannot stand in a file name.</exception>
    public FtpSource(FtpSourceOptions options, IBlobStore blobs, TakeFile take, ILogger<FtpSource> log, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Owner.Length is 0 or > 32 || !options.Owner.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw new As2Exception("AS2-FTP-004", $"The owner '{options.Owner}' of the source {options.Name} cannot be used: 1 to 32 letters, digits and hyphens.");
        (_options, _log, _clock) = (options, log, clock ?? TimeProvider.System);
        _work = new ClaimWork(options, blobs, take, log);
        _connections = new MailboxConnections(options.Connect, _clock);
        _whole = new WholeFiles(options, _clock);
    }

    /// <summary>The source's name.</summary>
    public string Name => _options.Name;

    /// <summary>Looks again and again, with the interval between, until it is told to stop. Failures are logged and tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await PollAsync(cancellationToken).ConfigureAwait(false);
                await Task.Delay(_options.Interval, _clock, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // A claim that was under way is taken up at the next start.
            }
            catch (Exception failure) when (failure is FtpException or As2Exception or IOException or OperationCanceledException)
            {
                FtpSourceLog.LookFailed(_log, Name, failure.Message);
                await Task.Delay(_options.Interval, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Looks once. Returns how many files became messages.</summary>
    /// <exception cref="FtpException">The server did not let us look, or the connection broke; what was claimed is taken up later.</exception>
    public Task<int> PollAsync(CancellationToken cancellationToken)
        => _connections.UseAsync(client => LookAsync(client, cancellationToken), cancellationToken);

    private async Task<int> LookAsync(IMailboxClient client, CancellationToken cancellationToken)
    {
        var taken = await TakeUpAsync(client, cancellationToken).ConfigureAwait(false);
        // 1
        var listing = await client.ListAsync(_options.Folder, cancellationToken).ConfigureAwait(false);
        foreach (var file in _whole.Choose(listing))
        {
            if (await ClaimAsync(client, file, cancellationToken).ConfigureAwait(false) is { } claim
                && await FinishAsync(client, claim, file.Length, cancellationToken).ConfigureAwait(false))
                taken++;
        }
        return taken;
    }

    // Claims of our gateway that nobody works at any more.
    private async Task<int> TakeUpAsync(IMailboxClient client, CancellationToken cancellationToken)
    {
        var taken = 0;
        foreach (var claim in await OldClaimsAsync(client, cancellationToken).ConfigureAwait(false))
        {
            FtpSourceLog.TakenUp(_log, Name, claim.Name);
            var file = claim;
            if (_options.Completion == FileCompletion.TriggerFile && claim.Name.EndsWith(_options.TriggerEnding, StringComparison.Ordinal))
            {
                file = claim with { Name = claim.Name[..^_options.TriggerEnding.Length] };
                await TryRenameAsync(client, RemotePath.Join(_options.Folder, file.Name), file, cancellationToken).ConfigureAwait(false);
            }
            if (await FinishAsync(client, file, null, cancellationToken).ConfigureAwait(false))
                taken++;
        }
        return taken;
    }

    private async Task<IReadOnlyList<FileClaim>> OldClaimsAsync(IMailboxClient client, CancellationToken cancellationToken)
    {
        // Some servers list a folder that is not there as an empty one, so it is made without asking.
        if (!_isPrepared)
            await RemotePath.EnsureFolderAsync(client, _options.EffectiveClaimFolder, cancellationToken).ConfigureAwait(false);
        _isPrepared = true;
        var claims = await client.ListAsync(_options.EffectiveClaimFolder, cancellationToken).ConfigureAwait(false);
        var now = _clock.GetUtcNow();
        return [.. claims.Where(entry => !entry.IsFolder).Select(entry => FileClaim.Parse(entry.Name)).OfType<FileClaim>()
            .Where(claim => claim.Owner == _options.Owner && claim.Since + _options.ClaimPatience <= now)
            .Where(claim => !_setAside.TryGetValue(claim.Key, out var aside) || aside.Until <= now)
            .OrderBy(claim => claim.Id).DistinctBy(claim => claim.Key)];
    }

    // 2. Null: another gateway was quicker. With a trigger file, that is what is fought for: it is the newer of the two.
    private async Task<FileClaim?> ClaimAsync(IMailboxClient client, RemoteFile file, CancellationToken cancellationToken)
    {
        var claim = FileClaim.New(_options.Owner, file.Name, _clock.GetUtcNow());
        var path = RemotePath.Join(_options.Folder, file.Name);
        if (_options.Completion == FileCompletion.TriggerFile
            && !await TryRenameAsync(client, path + _options.TriggerEnding, _options.TriggerOf(claim), cancellationToken).ConfigureAwait(false))
            return null;
        return await TryRenameAsync(client, path, claim, cancellationToken).ConfigureAwait(false) ? claim : null;
    }

    private async Task<bool> TryRenameAsync(IMailboxClient client, string from, FileClaim to, CancellationToken cancellationToken)
    {
        try
        {
            await client.RenameAsync(from, _options.PathOf(to), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (FtpException lost) when (lost.Failure is FtpFailure.Refused or FtpFailure.Busy)
        {
            if (await client.GetSizeAsync(from, cancellationToken).ConfigureAwait(false) is not null)
            {
                _isPrepared = false;
                FtpSourceLog.NotClaimed(_log, Name, from, lost.Message);
            }
            return false;
        }
    }

    // 3, 4, 5. A file that fails is left alone for a growing time, so that it does not stand in the way of the others.
    private async Task<bool> FinishAsync(IMailboxClient client, FileClaim claim, long? seen, CancellationToken cancellationToken)
    {
        try
        {
            var isMessage = await _work.FinishAsync(client, claim, seen, cancellationToken).ConfigureAwait(false);
            _setAside.Remove(claim.Key);
            return isMessage;
        }
        catch (Exception failure) when (failure is FtpException or As2Exception or IOException)
        {
            var pause = _setAside.TryGetValue(claim.Key, out var before) ? before.Pause * 2 : _options.ClaimPatience;
            pause = pause < s_longestPause ? pause : s_longestPause;
            _setAside[claim.Key] = (pause, _clock.GetUtcNow() + pause);
            FtpSourceLog.FileFailed(_log, Name, claim.Name, failure.Message);
            throw;
        }
    }
}
