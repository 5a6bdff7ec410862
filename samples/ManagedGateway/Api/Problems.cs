using As2;
using Microsoft.AspNetCore.Diagnostics;

namespace ManagedGateway.Api;

/// <summary>Faults as problem+json (RFC 9457) with the stable id that docs/errors.md explains.</summary>
internal sealed class Problems : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not As2Exception fault)
            return false;
        await Of(fault).ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>A fault as an answer.</summary>
    public static IResult Of(As2Exception fault)
        => Results.Problem(statusCode: StatusOf(fault.Id), detail: fault.Message, extensions: new Dictionary<string, object?> { ["errorId"] = fault.Id });

    /// <summary>What is not there, or not seen by this caller: both look the same.</summary>
    public static IResult NotFound(string what) => Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: $"There is no such {what}.");

    private static int StatusOf(string id) => id switch
    {
        "GW-ROLE-001" => StatusCodes.Status403Forbidden,
        "GW-USER-002" or "GW-USER-003" or "GW-API-002" or "GW-API-003" or "GW-CHANGE-002" or "GW-CHANGE-005" or "GW-CHANGE-006" or "AS2-SEND-004" or "AS2-SEND-005" => StatusCodes.Status409Conflict,
        "GW-USER-004" or "GW-ALERT-001" or "GW-CHANGE-003" or "AS2-SEND-003" or "GW-EVIDENCE-001" or "GW-EVIDENCE-002" => StatusCodes.Status404NotFound,
        "GW-OPERATIONS-002" => StatusCodes.Status503ServiceUnavailable,
        _ when id.StartsWith("GW-", StringComparison.Ordinal) || id.StartsWith("AS2-SEND-", StringComparison.Ordinal) => StatusCodes.Status400BadRequest,
        _ when id.StartsWith("AS2-STORE-", StringComparison.Ordinal) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
