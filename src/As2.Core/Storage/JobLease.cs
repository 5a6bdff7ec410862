namespace As2.Storage;

/// <summary>
/// Renews a job's lease while the work on it lasts. <see cref="Token"/> ends when the lease was lost: the work stops, another owner
/// goes on. As a rule the work ends before the first renewal, and all that it cost is a timer.
/// </summary>
internal sealed class JobLease : IAsyncDisposable
{
    private readonly IMessageStore _store;
    private readonly Job _job;
    private readonly TimeSpan _lease;
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _timer;
    private Task _renewing = Task.CompletedTask;

    public JobLease(IMessageStore store, Job job, TimeSpan lease, TimeProvider clock, CancellationToken cancellationToken)
    {
        (_store, _job, _lease) = (store, job, lease);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = clock.CreateTimer(static state => ((JobLease)state!).Renew(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Wait();
    }

    /// <summary>Ends with the work's own token, or when the lease was lost.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        if (!_renewing.IsCompleted)
            await _stop.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Wait() => _timer.Change(_lease / 3, Timeout.InfiniteTimeSpan);

    private void Renew() => _renewing = RenewAsync();

    private async Task RenewAsync()
    {
        try
        {
            if (await _store.RenewAsync(_job, _lease, _stop.Token).ConfigureAwait(false))
                Wait();
            else
                await _stop.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The work ended; the token says so.
        }
        catch (Exception)
        {
            // Whatever it is, the store is in trouble: the fence protects what follows, and the work's own writes will report it.
            await _stop.CancelAsync().ConfigureAwait(false);
        }
    }
}
