using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;

namespace ManagedGateway.Api;

/// <summary>What was done, and by whom.</summary>
internal static class AuditApi
{
    public static void MapAudit(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").For(Role.SecurityAdmin).WithTags("Audit");
        audit.MapGet("", (AuditLog log, long? before, int? max) => log.List(before, Math.Clamp(max ?? 100, 1, 1000)))
            .WithName("ListAudit").WithSummary("Lines of the audit log, newest first; 'before' takes the last sequence of the page before.");
        audit.MapGet("/verification", (AuditLog log) =>
        {
            var (lines, broken) = log.Verify();
            return new AuditVerification(lines, broken);
        }).WithName("VerifyAudit").WithSummary("Whether every line is as it was written.");
    }
}

/// <summary>What looking through the audit log found.</summary>
/// <param name="Lines">How many lines were looked at.</param>
/// <param name="Broken">The first line that does not fit the one before; null when all fit.</param>
internal sealed record AuditVerification(long Lines, long? Broken);
