using ManagedGateway.Outside;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ManagedGateway.Watching;

/// <summary>Outside folders whose server did not let us in when we last tried.</summary>
internal sealed class OutsideCheck(IEnumerable<OutsideConnector> connectors) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var dead = connectors.Select(c => (c.Name, c.LastFailure)).Where(c => c.LastFailure is not null).ToDictionary(c => c.Name, c => (object)c.LastFailure!);
        return Task.FromResult(dead.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"Outside folders that cannot be reached: {string.Join(", ", dead.Keys)}.", data: dead));
    }
}
