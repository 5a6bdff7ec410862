using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Tests;

namespace ManagedGateway.Api;

/// <summary>Looking whether a partner can be reached.</summary>
internal static class TestsApi
{
    public static void MapTests(this RouteGroupBuilder api) => api.MapPost(
            "/partnerships/{local}/{partner}/test",
            (string local, string partner, bool? ping, Caller caller, ConnectionTest test, CancellationToken ended) => test.RunAsync(caller, local, partner, ping ?? false, ended))
        .For(Role.Operator).WithTags("Partners").WithName("TestConnection")
        .WithSummary("Goes the way of a message step by step, each step reported as it happens; with ping=true the partner gets a small message, and its receipt is verified.");
}
