using System.Threading.RateLimiting;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Access;

/// <summary>So many requests a minute of one caller, at all nodes together: the own count first, then that of the database. Thread-safe.</summary>
internal sealed class SharedLimit(OperationsDatabase database, string key, int perMinute) : RateLimiter
{
    private readonly FixedWindowRateLimiter _own = new(new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) });

    public override TimeSpan? IdleDuration => _own.IdleDuration;

    /// <summary>A partition of callers.</summary>
    public static RateLimitPartition<string> Of(HttpContext context, string key, int perMinute)
        => RateLimitPartition.Get(key, k => new SharedLimit(context.RequestServices.GetRequiredService<OperationsDatabase>(), k, perMinute));

    public override RateLimiterStatistics? GetStatistics() => _own.GetStatistics();

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        var lease = _own.AttemptAcquire(permitCount);
        // With one node its own count is all there is.
        return !lease.IsAcquired || permitCount == 0 || database is SqliteOperations || IsWithin() ? lease : new Refusal();
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
        => ValueTask.FromResult(AttemptAcquireCore(permitCount));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _own.Dispose();
        base.Dispose(disposing);
    }

    private bool IsWithin() => database.Change(session =>
    {
        session.Execute("DELETE FROM bound_use WHERE minute < now_ms() / 60000");
        return session.Execute(
            "INSERT INTO bound_use AS u VALUES (@key, now_ms() / 60000, 1) ON CONFLICT (key) DO UPDATE SET used = u.used + 1 WHERE u.used < @most",
            ("@key", key), ("@most", perMinute)) == 1;
    });

    private sealed class Refusal : RateLimitLease
    {
        public override bool IsAcquired => false;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
