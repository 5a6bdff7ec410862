namespace As2.Storage;

/// <summary>
/// Renews a job's lease while the work on it lasts. <see cref="Token"/> ends when the lease was lost: the work stops, another owner
/// goes on.
/// </summary>
internal sealed class JobLease : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Task _renewing;

    public JobLease(IMessageStore store, Job job, TimeSpan lease, TimeProvider clock, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _renewing = RenewAsync(store, job, lease, clock);
    }

    /// <summary>Ends with the work's own token, or when the lease was lost.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RenewAsync(IMessageStore store, Job job, TimeSpan lease, TimeProvider clock)
    {
        try
        {
            while (true)
            {
                // As a rule the work ends first, and an exception for each would cost more than the lease.
                await Task.Delay(lease / 3, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_stop.IsCancellationRequested)
                    return;
                if (!await store.RenewAsync(job, lease, _stop.Token).ConfigureAwait(false))
                    await _stop.CancelAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The work ended, or the lease was lost; both are told by the token.
        }
        catch (Exception)
        {
            // Whatever it is, the store is in trouble: the fence protects what follows, and the work's own writes will report it.
            await _stop.CancelAsync().ConfigureAwait(false);
        }
    }
}
