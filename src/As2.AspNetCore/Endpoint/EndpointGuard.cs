using System.Net;
using System.Threading.RateLimiting;
using As2.Agreements;
using As2.Certificates;

namespace As2.AspNetCore;

/// <summary>What all requests of one endpoint share: counts, places in line, and who is proven. Thread-safe.</summary>
internal sealed class EndpointGuard(As2EndpointOptions options, ICertificateSource certificates, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly ConcurrencyLimiter _requests = AtOnce(options.MaxRequestsAtOnce, queue: 0);
    private readonly ConcurrencyLimiter _unproven = AtOnce(options.MaxUnprovenRequestsAtOnce, queue: 0);

    // Everybody in line is one of the unproven requests, so that the line is as long as they are many.
    private readonly ConcurrencyLimiter _turns = AtOnce(
        options.MaxUnprovenThreads > 0 ? options.MaxUnprovenThreads : Math.Max(1, Environment.ProcessorCount / 2), options.MaxUnprovenRequestsAtOnce);

    private readonly PartitionedRateLimiter<Partnership> _partners = PartitionedRateLimiter.Create<Partnership, (As2Identifier, As2Identifier, int)>(
        p => RateLimitPartition.GetConcurrencyLimiter(
            (p.Local, p.Partner, p.Access.MaxRequestsAtOnce ?? options.MaxRequestsAtOncePerPartner), key => new() { PermitLimit = key.Item3, QueueLimit = 0 }));

    private readonly PartitionedRateLimiter<Partnership> _rates = PartitionedRateLimiter.Create<Partnership, (As2Identifier, As2Identifier, int)>(
        p => (p.Local, p.Partner, p.Access.MaxRequestsPerMinute ?? options.MaxRequestsPerMinutePerPartner) is { Item3: > 0 } key
            ? RateLimitPartition.GetSlidingWindowLimiter(key, k => PerMinute(k.Item3))
            : RateLimitPartition.GetNoLimiter((default(As2Identifier), default(As2Identifier), 0)));

    private readonly PartitionedRateLimiter<IPAddress> _failures = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetSlidingWindowLimiter(address, _ => PerMinute(options.MaxFailuresPerMinute)));

    /// <summary>The bounds.</summary>
    public As2EndpointOptions Options => options;

    /// <summary>Who may call.</summary>
    public CallerPolicy Policy { get; } = new(certificates, clock);

    /// <summary>Who is proven.</summary>
    public ProvenCallers Proven { get; } = new(options.ProvenFor, clock);

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>A place for a request, whoever's it is.</summary>
    public RateLimitLease Enter() => _requests.AttemptAcquire();

    /// <summary>A place for a request of a proven partner.</summary>
    public RateLimitLease EnterAs(Partnership partnership) => _partners.AttemptAcquire(partnership);

    /// <summary>A place for a request of somebody who has proven nothing.</summary>
    public RateLimitLease EnterUnproven() => _unproven.AttemptAcquire();

    /// <summary>Counts a request of a proven partner. False: too many in this minute.</summary>
    public bool IsWithinRate(Partnership partnership)
    {
        using var lease = _rates.AttemptAcquire(partnership);
        return lease.IsAcquired;
    }

    /// <summary>Counts a message that could not be opened or verified.</summary>
    public void CountFailure(IPAddress address) => _failures.AttemptAcquire(address).Dispose();

    /// <summary>True when too many came from there.</summary>
    public bool HasFailedTooOften(IPAddress address) => _failures.GetStatistics(address) is { CurrentAvailablePermits: 0 };

    /// <summary>A turn of the threads that strangers' messages may use.</summary>
    public ValueTask<RateLimitLease> TakeTurnAsync(CancellationToken cancellationToken) => _turns.AcquireAsync(1, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _requests.Dispose();
        _unproven.Dispose();
        _turns.Dispose();
        _partners.Dispose();
        _rates.Dispose();
        _failures.Dispose();
    }

    private static ConcurrencyLimiter AtOnce(int permits, int queue)
        => new(new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    private static SlidingWindowRateLimiterOptions PerMinute(int permits) => new() { PermitLimit = permits, Window = s_minute, SegmentsPerWindow = 6, QueueLimit = 0 };
}
