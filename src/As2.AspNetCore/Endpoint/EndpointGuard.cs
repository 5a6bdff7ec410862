using System.Threading.RateLimiting;
using As2.Agreements;
using As2.Certificates;
using As2.Storage;
using Microsoft.Extensions.ObjectPool;

namespace As2.AspNetCore;

/// <summary>What all requests of one endpoint share: counts, places in line, and who is proven. Thread-safe.</summary>
internal sealed class EndpointGuard(As2EndpointOptions options, ICertificateSource certificates, TimeProvider clock, ISharedBounds? shared = null) : IDisposable
{
    private readonly ConcurrencyLimiter _requests = AtOnce(options.MaxRequestsAtOnce, queue: 0);
    private readonly ConcurrencyLimiter _unproven = AtOnce(options.MaxUnprovenRequestsAtOnce, queue: 0);

    // Everybody in line is one of the unproven requests, so that the line is as long as they are many.
    private readonly ConcurrencyLimiter _turns = AtOnce(
        options.MaxUnprovenThreads > 0 ? options.MaxUnprovenThreads : Math.Max(1, Environment.ProcessorCount / 2), options.MaxUnprovenRequestsAtOnce);

    private readonly PartitionedRateLimiter<Partnership> _partners = PartitionedRateLimiter.Create<Partnership, (As2Identifier, As2Identifier, int)>(
        p => RateLimitPartition.GetConcurrencyLimiter(
            (p.Local, p.Partner, p.Access.MaxRequestsAtOnce ?? options.MaxRequestsAtOncePerPartner), key => new() { PermitLimit = key.Item3, QueueLimit = 0 }));

    /// <summary>The bounds.</summary>
    public As2EndpointOptions Options => options;

    /// <summary>Who may call.</summary>
    public CallerPolicy Policy { get; } = new(certificates, clock);

    /// <summary>Who is proven.</summary>
    public ProvenCallers Proven { get; } = new(options.ProvenFor, clock);

    /// <summary>How many requests proven partners made in this minute.</summary>
    public PartnerRates Rates { get; } = new(options.MaxRequestsPerMinutePerPartner, shared, clock);

    /// <summary>How many messages of an address could not be opened or verified in this minute.</summary>
    public FailureRates Failures { get; } = new(options.MaxFailuresPerMinute, shared, clock);

    /// <summary>The ends of requests, each with its timer; used again where it never came.</summary>
    public ObjectPool<CancellationTokenSource> Deadlines { get; } = new DefaultObjectPoolProvider().Create(new DeadlinePolicy());

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>A place for a request, whoever's it is.</summary>
    public RateLimitLease Enter() => _requests.AttemptAcquire();

    /// <summary>A place for a request of a proven partner.</summary>
    public RateLimitLease EnterAs(Partnership partnership) => _partners.AttemptAcquire(partnership);

    /// <summary>A place for a request of somebody who has proven nothing.</summary>
    public RateLimitLease EnterUnproven() => _unproven.AttemptAcquire();

    /// <summary>A turn of the threads that strangers' messages may use.</summary>
    public ValueTask<RateLimitLease> TakeTurnAsync(CancellationToken cancellationToken) => _turns.AcquireAsync(1, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _requests.Dispose();
        _unproven.Dispose();
        _turns.Dispose();
        _partners.Dispose();
        Rates.Dispose();
        Failures.Dispose();
        (Deadlines as IDisposable)?.Dispose();
    }

    private static ConcurrencyLimiter AtOnce(int permits, int queue)
        => new(new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    private sealed class DeadlinePolicy : PooledObjectPolicy<CancellationTokenSource>
    {
        public override CancellationTokenSource Create() => new();

        public override bool Return(CancellationTokenSource obj) => obj.TryReset();
    }
}
