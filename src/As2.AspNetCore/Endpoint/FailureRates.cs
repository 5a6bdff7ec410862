using System.Collections.Concurrent;
using System.Net;
using System.Threading.RateLimiting;
using As2.Storage;

namespace As2.AspNetCore;

/// <summary>
/// How many messages of an address may fail in a minute before it is turned away. Nodes on one store count together: when the bound of all is
/// reached, each node lets one more in every few seconds, to ask again. Thread-safe.
/// </summary>
internal sealed class FailureRates(int perMinute, ISharedBounds? shared, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_denied = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<IPAddress, long> _denied = new();
    private long _forgotten = clock.GetTimestamp();

    private readonly PartitionedRateLimiter<IPAddress> _own = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetSlidingWindowLimiter(address, _ => Minute.Of(perMinute)));

    /// <summary>How many addresses are remembered as turned away.</summary>
    public int Remembered => _denied.Count;

    /// <summary>Counts a message that could not be opened or verified.</summary>
    public async ValueTask CountAsync(IPAddress address, CancellationToken cancellationToken)
    {
        _own.AttemptAcquire(address).Dispose();
        if (shared is not null && !await shared.TryTakeAsync($"failures {address}", perMinute, 1, cancellationToken).ConfigureAwait(false))
        {
            _denied[address] = clock.GetTimestamp();
            Forget();
        }
    }

    /// <summary>True when too many came from there.</summary>
    public bool AreTooMany(IPAddress address)
    {
        if (_own.GetStatistics(address) is { CurrentAvailablePermits: 0 })
            return true;
        if (!_denied.TryGetValue(address, out var since))
            return false;
        if (clock.GetElapsedTime(since) < s_denied)
            return true;
        _denied.TryRemove(KeyValuePair.Create(address, since));
        return false;
    }

    public void Dispose() => _own.Dispose();

    // Addresses of strangers come once and never again.
    private void Forget()
    {
        var last = Volatile.Read(ref _forgotten);
        if (clock.GetElapsedTime(last) < s_denied || Interlocked.CompareExchange(ref _forgotten, clock.GetTimestamp(), last) != last)
            return;
        foreach (var entry in _denied)
        {
            if (clock.GetElapsedTime(entry.Value) >= s_denied)
                _denied.TryRemove(entry);
        }
    }
}
