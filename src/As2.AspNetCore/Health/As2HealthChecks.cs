using As2.AspNetCore.Health;
using Microsoft.Extensions.DependencyInjection;

namespace As2.AspNetCore;

/// <summary>Health checks of the engine.</summary>
public static class As2HealthChecks
{
    /// <summary>
    /// Adds <c>as2.workers</c> (tags <c>live</c> and <c>ready</c>: the background work goes on), <c>as2.store</c> (<c>ready</c>: the store
    /// takes a write; its disk has room) and <c>as2.certificates</c> (<c>ready</c>: degraded while one ends soon without a successor, or has
    /// ended). Each says why.
    /// </summary>
    public static IHealthChecksBuilder AddAs2(this IHealthChecksBuilder builder)
        => builder.AddCheck<WorkersCheck>("as2.workers", tags: ["live", "ready"])
            .AddCheck<StoreCheck>("as2.store", tags: ["ready"])
            .AddCheck<CertificatesCheck>("as2.certificates", tags: ["ready"]);
}
