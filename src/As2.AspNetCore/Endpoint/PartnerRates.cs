using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using As2.Agreements;
using As2.Storage;

namespace As2.AspNetCore;

/// <summary>
/// How many requests a partner may make in a minute. Nodes on one store hold it together: each takes a twentieth of it at a time from what is
/// left for all, and gives requests out of that, so that few requests ask the store. Thread-safe.
/// </summary>
internal sealed class PartnerRates(int perMinute, ISharedBounds? shared, TimeProvider clock) : IDisposable
{
    private const int Shares = 20;

    // What a node took and did not use in this time is lost for the minute.
    private static readonly TimeSpan s_keep = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_denied = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(As2Identifier Local, As2Identifier Partner), Purse> _purses = new();

    private readonly PartitionedRateLimiter<Partnership> _own = PartitionedRateLimiter.Create<Partnership, (As2Identifier, As2Identifier, int)>(
        p => RateLimitPartition.GetSlidingWindowLimiter((p.Local, p.Partner, p.Access.MaxRequestsPerMinute ?? perMinute), key => Minute.Of(key.Item3)));

    /// <summary>Counts a request. False: too many in this minute.</summary>
    public async ValueTask<bool> TryEnterAsync(Partnership partnership, CancellationToken cancellationToken)
    {
        var bound = partnership.Access.MaxRequestsPerMinute ?? perMinute;
        if (bound <= 0)
            return true;
        using var lease = _own.AttemptAcquire(partnership);
        if (!lease.IsAcquired)
            return false;
        if (shared is null)
            return true;
        var purse = _purses.GetOrAdd((partnership.Local, partnership.Partner), _ => new Purse());
        if (purse.TrySpend(clock) is { } answer)
            return answer;
        var share = Math.Max(1, bound / Shares);
        var taken = await shared.TryTakeAsync($"rate {partnership.Local.Value}\n{partnership.Partner.Value}", bound, share, cancellationToken).ConfigureAwait(false);
        purse.Fill(clock, taken ? share - 1 : 0, isDenied: !taken);
        return taken;
    }

    public void Dispose() => _own.Dispose();

    private sealed class Purse
    {
        private readonly Lock _gate = new();
        private int _left;
        private bool _isDenied;
        private long? _since;

        /// <summary>Whether there is something; null: the store must be asked.</summary>
        public bool? TrySpend(TimeProvider clock)
        {
            lock (_gate)
            {
                if (_since is not { } since || clock.GetElapsedTime(since) >= (_isDenied ? s_denied : s_keep))
                    return null;
                if (_left == 0)
                    return _isDenied ? false : null;
                _left--;
                return true;
            }
        }

        public void Fill(TimeProvider clock, int left, bool isDenied)
        {
            lock (_gate)
                (_left, _isDenied, _since) = (left, isDenied, clock.GetTimestamp());
        }
    }
}

/// <summary>The minute of a bound.</summary>
internal static class Minute
{
    public static SlidingWindowRateLimiterOptions Of(int permits) => new() { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 };
}
