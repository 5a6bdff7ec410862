using As2.Agreements;
using As2.Certificates;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace As2.AspNetCore.Health;

/// <summary>Certificates that agreements need and that end within 60 days without a successor, or have ended.</summary>
internal sealed class CertificatesCheck(PartnershipBook book, ICertificateSource certificates, TimeProvider clock) : IHealthCheck
{
    private static readonly string[] s_ends = ["AS2-CONFIG-141", "AS2-CONFIG-142", "AS2-CONFIG-143"];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var found = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var partnership in book.Partnerships)
        {
            var held = new Dictionary<CertificateRole, IReadOnlyList<As2Certificate>>();
            foreach (var role in Enum.GetValues<CertificateRole>())
                held[role] = await certificates.FindAsync(partnership, role, cancellationToken).ConfigureAwait(false);
            foreach (var fault in PartnershipValidator.Validate(partnership, role => held[role], clock.GetUtcNow()).Where(f => s_ends.Contains(f.Id)))
                found[$"{partnership} {fault.Setting}"] = fault.Text;
        }
        return found.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"{found.Count} certificates end soon or have ended: {string.Join("; ", found.Take(3).Select(f => $"{f.Key}: {f.Value}"))}", data: found);
    }
}
