using System.Net;
using ManagedGateway.Operations.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Gateway.Tests.Operations;

/// <summary>Every route that the console's host knows, walked: a new one cannot be forgotten.</summary>
public sealed class RouteTests
{
    /// <summary>What is open without a session, and why: the way in, and files of the program.</summary>
    private static readonly string[] s_open = ["/sign-in", "/setup", "/welcome", "/onboarding/1", "/onboarding/1/certificates/1/1"];

    private static bool IsFile(RouteEndpoint endpoint) => endpoint.Metadata.Any(m => m.GetType().Name.Contains("StaticAsset", StringComparison.Ordinal));

    private static List<RouteEndpoint> Routes(ConsoleWorld world)
        => [.. world.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => !IsFile(e))];

    [Test]
    public async Task every_route_refuses_without_a_session()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var stranger = world.Browser();
        var routes = Routes(world);
        Assert.That(routes, Has.Count.GreaterThan(10));
        Assert.Multiple(async () =>
        {
            foreach (var (route, method, path) in routes.SelectMany(Requests).Where(r => !s_open.Contains(r.Path)))
            {
                var answer = await stranger.SendAsync(new HttpRequestMessage(method, path));
                var refused = answer.StatusCode == HttpStatusCode.Unauthorized
                    || (answer.StatusCode == HttpStatusCode.Found && answer.Headers.Location!.ToString().StartsWith("/sign-in", StringComparison.Ordinal));
                Assert.That(refused, $"{method} {path} ({route.DisplayName}) answered {answer.StatusCode}");
            }
        });
    }

    [Test]
    public async Task every_route_refuses_too_small_a_role()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var clients = Enum.GetValues<Role>().ToDictionary(role => role, role => world.Program(role));
        Assert.Multiple(async () =>
        {
            foreach (var (route, method, path) in Routes(world).SelectMany(Requests).Where(r => r.Path.StartsWith("/api/v1/", StringComparison.Ordinal)))
            {
                var needed = route.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => Enum.Parse<Role>(a.Policy!)).DefaultIfEmpty().Max();
                foreach (var (role, client) in clients.Where(c => c.Key < needed))
                {
                    var answer = await client.SendAsync(new HttpRequestMessage(method, path) { Content = method == HttpMethod.Get ? null : new StringContent("{}", null, "application/json") });
                    Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), $"{method} {path} as {role}, needs {needed}");
                }
            }
        });
        foreach (var client in clients.Values)
            client.Dispose();
    }

    [Test]
    public async Task every_address_of_the_api_names_the_role_that_it_needs()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var without = Routes(world).Where(r => r.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .Where(r => !r.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => Enum.TryParse<Role>(a.Policy, out _)));
        Assert.That(without.Select(r => r.RoutePattern.RawText), Is.Empty);
    }

    /// <summary>A request for each method of a route, with identifiers of nothing.</summary>
    private static IEnumerable<(RouteEndpoint Route, HttpMethod Method, string Path)> Requests(RouteEndpoint route)
    {
        var path = "/" + string.Join('/', route.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "1"))));
        var methods = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } named ? named : ["GET", "POST"];
        return methods.Select(m => (route, new HttpMethod(m), path));
    }
}
