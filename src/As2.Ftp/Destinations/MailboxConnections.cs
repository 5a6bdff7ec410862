using System.Diagnostics.CodeAnalysis;

namespace As2.Ftp.Destinations;

/// <summary>
/// The connections of one account: the last one is kept and used again; two are opened at a time; after a failure to connect nobody
/// tries before a growing pause is over. So a dead server costs its own account only. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to release.")]
internal sealed class MailboxConnections(Func<CancellationToken, Task<IMailboxClient>> connect, TimeProvider clock)
{
    private const int AtOnce = 2;

    private static readonly TimeSpan s_longestTurn = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_keep = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turns = new(AtOnce, AtOnce);
    private (IMailboxClient Client, long Since)? _idle;
    private TimeSpan _pause;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    /// <summary>Runs work on a connection. The connection is used again only when the work ended well.</summary>
    public async Task<T> UseAsync<T>(Func<IMailboxClient, Task<T>> work, CancellationToken cancellationToken)
    {
        var client = await TakeAsync(cancellationToken).ConfigureAwait(false);
        var well = false;
        try
        {
            var result = await work(client).ConfigureAwait(false);
            well = true;
            return result;
        }
        finally
        {
            var unwanted = well ? Exchange((client, clock.GetTimestamp())) : client;
            if (unwanted is not null)
                await unwanted.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<IMailboxClient> TakeAsync(CancellationToken cancellationToken)
    {
        (IMailboxClient Client, long Since)? idle;
        lock (_gate)
            (idle, _idle) = (_idle, null);
        if (idle is { } kept)
        {
            var age = clock.GetElapsedTime(kept.Since);
            if (age < s_fresh || (age < s_keep && await IsAliveAsync(kept.Client, cancellationToken).ConfigureAwait(false)))
                return kept.Client;
            await kept.Client.DisposeAsync().ConfigureAwait(false);
        }
        return await ConnectAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<IMailboxClient> ConnectAsync(CancellationToken cancellationToken)
    {
        ThrowIfLeftAlone();
        await WaitTurnAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfLeftAlone();
            return await TryAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    private void ThrowIfLeftAlone()
    {
        DateTimeOffset notBefore;
        lock (_gate)
            notBefore = _notBefore;
        if (clock.GetUtcNow() < notBefore)
            throw new FtpException(FtpFailure.Connection, $"The server did not answer lately; it is left alone until {notBefore:HH:mm:ss} UTC.");
    }

    // Whoever waits for a dead server is a worker that other accounts lack: two find out, the others do not wait for them.
    private async Task WaitTurnAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(s_longestTurn, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await _turns.WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FtpException(FtpFailure.Connection, "Others wait for the server to answer already.");
        }
    }

    private async Task<IMailboxClient> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var client = await connect(cancellationToken).ConfigureAwait(false);
            lock (_gate)
                (_pause, _notBefore) = (TimeSpan.Zero, DateTimeOffset.MinValue);
            return client;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            lock (_gate)
            {
                _pause = _pause == TimeSpan.Zero ? s_firstPause : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, s_longestPause.Ticks));
                _notBefore = clock.GetUtcNow() + _pause;
            }
            throw;
        }
    }

    // Servers and firewalls close idle connections without a word.
    private static async Task<bool> IsAliveAsync(IMailboxClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetSizeAsync("/", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (FtpException failure)
        {
            return failure.Failure is FtpFailure.Refused or FtpFailure.Busy;
        }
    }

    private IMailboxClient? Exchange((IMailboxClient Client, long Since) idle)
    {
        lock (_gate)
        {
            var former = _idle?.Client;
            _idle = idle;
            return former;
        }
    }
}
