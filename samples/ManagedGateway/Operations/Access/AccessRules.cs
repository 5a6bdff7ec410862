using Microsoft.AspNetCore.Authorization;

namespace ManagedGateway.Operations.Access;

/// <summary>The one place that lets callers in: whatever names no role and is not open to everyone needs a session at least.</summary>
internal static class AccessRules
{
    /// <summary>Adds authentication, and a policy by the name of each role.</summary>
    public static IServiceCollection AddAccessRules(this IServiceCollection services)
    {
        services.AddAuthentication(CallerAuthentication.SchemeName)
            .AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, CallerAuthentication>(CallerAuthentication.SchemeName, null);
        var rules = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var role in Enum.GetValues<Role>())
            rules.AddPolicy(role.ToString(), policy => policy.RequireAssertion(asked => Caller.Of(asked.User)?.Role >= role));
        return services;
    }

    /// <summary>Lets in callers with this role or a larger one.</summary>
    public static TBuilder For<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(role.ToString()).WithMetadata(role);
}
