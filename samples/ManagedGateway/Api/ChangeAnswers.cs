using As2.Agreements;
using ManagedGateway.Configuration.Changes;

namespace ManagedGateway.Api;

/// <summary>What a change did.</summary>
internal sealed record ChangeAnswer(IReadOnlyList<FaultLine> Warnings, IReadOnlyList<EntryDifference> Changed);

/// <summary>One fault or warning.</summary>
internal sealed record FaultLine(string Id, string Setting, string Text)
{
    public static IReadOnlyList<FaultLine> Of(IEnumerable<PartnershipFault> faults) => [.. faults.Select(f => new FaultLine(f.Id, f.Setting, f.Text))];
}

/// <summary>Changes of the configuration as answers.</summary>
internal static class ChangeAnswers
{
    /// <summary>What became of a change: every fault at once, or what it did.</summary>
    public static IResult Of(ChangeResult result) => result.IsDone ? Results.Ok(new ChangeAnswer(FaultLine.Of(result.Warnings), result.Differences)) : Refusal(result);

    /// <summary>A refused change.</summary>
    public static IResult Refusal(ChangeResult result) => Results.Problem(
        statusCode: StatusCodes.Status400BadRequest, detail: string.Join(" ", result.Faults.Select(f => $"{f.Setting}: {f.Text}")),
        extensions: new Dictionary<string, object?> { ["errorId"] = "GW-CHANGE-001", ["faults"] = FaultLine.Of(result.Faults) });

    /// <summary>For the OpenAPI document.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder endpoint)
        => endpoint.Produces<ChangeAnswer>().Refuses();

    /// <inheritdoc cref="Changes"/>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint)
        => endpoint.ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
}
