using As2.AspNetCore.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace As2.AspNetCore;

/// <summary>Puts the engine behind a route.</summary>
public static class As2EndpointRouteBuilderExtensions
{
    private static readonly string[] s_methods = [HttpMethods.Post, HttpMethods.Head];

    /// <summary>
    /// Takes AS2 messages and asynchronous receipts at <paramref name="pattern"/>, and answers restart queries. Needs
    /// <see cref="As2ServiceCollectionExtensions.AddAs2"/>. What callers may use of it: <see cref="As2EndpointOptions"/>. Addresses and
    /// TLS client certificates are those that the connection has: behind a proxy, put <c>UseForwardedHeaders</c> with
    /// the proxy's address before it.
    /// </summary>
    /// <exception cref="As2Exception">AS2-HOST-001: AddAs2 was not called; AS2-HOST-002: an option is out of its range.</exception>
    public static IEndpointConventionBuilder MapAs2Endpoint(this IEndpointRouteBuilder endpoints, string pattern = "/as2")
    {
        var services = endpoints.ServiceProvider;
        if (services.GetService<As2Receiver>() is null)
            throw new As2Exception("AS2-HOST-001", "MapAs2Endpoint needs the engine: call builder.Services.AddAs2() before building the application.");
        var options = services.GetRequiredService<IOptions<As2EndpointOptions>>().Value;
        EndpointSettings.Check(options);
        var guard = ActivatorUtilities.CreateInstance<EndpointGuard>(services, options);
        services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(guard.Dispose);
        var endpoint = ActivatorUtilities.CreateInstance<As2Endpoint>(services, guard);
        return endpoints.MapMethods(pattern, s_methods, (RequestDelegate)endpoint.HandleAsync).WithDisplayName("AS2");
    }
}
