using Microsoft.AspNetCore.RateLimiting;

namespace ManagedGateway.Operations.Access;

/// <summary>How often one address may try, at all nodes together: a password costs a tenth of a second of ours.</summary>
internal static class SignInLimit
{
    public const string Name = "sign-in";

    /// <summary>Requests a minute.</summary>
    public const int PerMinute = 30;

    public static IServiceCollection AddSignInLimit(this IServiceCollection services) => services.AddRateLimiter(limits =>
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.AddPolicy(Name, context => SharedLimit.Of(context, $"sign-in {context.Connection.RemoteIpAddress}", PerMinute));
    });
}
