using As2.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace As2.AspNetCore.Health;

/// <summary>Whether the store takes new work, by what it says itself and by writing something away.</summary>
internal sealed class StoreCheck(StorageServices storage) : IHealthCheck
{
    private static readonly byte[] s_probe = new byte[StoredContent.MaxInlineBytes + 1];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (storage.Health?.Check() is { Reason: { } reason })
            return HealthCheckResult.Unhealthy(reason);
        try
        {
            // Too long to stay in memory, and never committed: it leaves nothing behind.
            await using var probe = storage.Blobs.Create(null);
            probe.Push(s_probe);
            // A claim is a write transaction; this one is of nothing.
            await storage.Messages.ClaimAsync(JobKind.Deliver, 0, TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is As2Exception or IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Unhealthy($"The store cannot be written: {e.Message}", e);
        }
    }
}
