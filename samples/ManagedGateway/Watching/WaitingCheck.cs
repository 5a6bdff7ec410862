using As2.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ManagedGateway.Watching;

/// <summary>The backlog: degraded when something has waited for an hour, or for a person. Counted at most every ten seconds.</summary>
internal sealed class WaitingCheck(IStoreStatistics statistics, TimeProvider clock) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan s_late = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1);
    private HealthCheckResult _last;
    private long? _at;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_at is { } at && clock.GetElapsedTime(at) < s_fresh)
                return _last;
            _last = Judge(await statistics.WaitingAsync(cancellationToken));
            _at = clock.GetTimestamp();
            return _last;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private HealthCheckResult Judge(IReadOnlyList<WaitingCount> waiting)
    {
        var data = waiting.GroupBy(w => w.State).ToDictionary(g => g.Key.ToString(), g => (object)g.Sum(w => w.Messages));
        var suspended = waiting.Where(w => w.State == MessageState.Suspended).Sum(w => w.Messages);
        var late = waiting.Where(w => w.State != MessageState.Suspended && w.State != MessageState.AwaitingReceipt && clock.GetUtcNow() - w.Oldest > s_late).ToList();
        if (late.Count > 0)
            return HealthCheckResult.Degraded($"Messages are {late[0].State} since {late.Min(w => w.Oldest):u}: look at their partners' servers and at the routes.", data: data);
        return suspended > 0 ? HealthCheckResult.Degraded($"{suspended} messages wait for a person: the console says what to mend.", data: data) : HealthCheckResult.Healthy(data: data);
    }
}
