using ManagedGateway.Operations.Access;

namespace ManagedGateway.Api;

/// <summary>Tokens for programs.</summary>
internal static class TokensApi
{
    public static void MapTokens(this RouteGroupBuilder api)
    {
        var tokens = api.MapGroup("/tokens").For(Role.Viewer).WithTags("Tokens");
        tokens.MapGet("", (Caller caller, ApiTokens all) => all.List(caller.Role == Role.SecurityAdmin ? null : caller.User))
            .WithName("ListTokens").WithSummary("Your tokens; a security administrator sees everybody's.");
        tokens.MapPost("", (NewToken token, Caller caller, ApiTokens all) =>
        {
            var (number, secret) = all.Add(caller, token);
            return Results.Created($"/api/v1/tokens/{number}", new MadeToken(number, secret));
        }).Produces<MadeToken>(StatusCodes.Status201Created).WithName("AddToken").WithSummary("Makes a token; the answer is the only place that shows it.");
        tokens.MapDelete("/{number:long}", (long number, Caller caller, ApiTokens all) => all.Remove(caller, number) ? Results.NoContent() : Problems.NotFound("token"))
            .WithName("RemoveToken").WithSummary("Takes a token back.");
    }
}

/// <summary>A token that was made.</summary>
internal sealed record MadeToken(long Number, string Secret);
