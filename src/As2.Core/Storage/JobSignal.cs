using System.Threading.Channels;

namespace As2.Storage;

/// <summary>
/// A hint that a job is due now, so that work begins at once; the workers' poll is the truth. A store pulses after its commit.
/// One pulse wakes one waiter; a pulse without a waiter is kept for the next one. Thread-safe.
/// </summary>
public sealed class JobSignal
{
    private readonly Channel<bool>[] _pulses = [.. Enum.GetValues<JobKind>().Select(_ => NewChannel())];
    private readonly TimeProvider _time;

    /// <param name="time">Measures the timeouts. Default: the system's.</param>
    public JobSignal(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <summary>Says that a job of this kind may be due.</summary>
    public void Pulse(JobKind kind) => _pulses[(int)kind].Writer.TryWrite(true);

    /// <summary>Waits for a pulse. False: none came within <paramref name="timeout"/>.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<bool> WaitAsync(JobKind kind, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var pulses = _pulses[(int)kind].Reader;
        if (pulses.TryRead(out _))
            return true;
        using var late = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await pulses.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static Channel<bool> NewChannel()
        => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
