using Microsoft.AspNetCore.RateLimiting;

namespace ManagedGateway.Operations.Access;

/// <summary>How often one caller may give certificate files: opening a locked one costs time, and passwords could be tried.</summary>
internal static class UploadLimit
{
    public const string Name = "upload";

    /// <summary>Requests a minute.</summary>
    public const int PerMinute = 30;

    public static IServiceCollection AddUploadLimit(this IServiceCollection services) => services.AddRateLimiter(limits => limits.AddPolicy(
        Name, context => SharedLimit.Of(context, $"upload {Caller.Of(context.User)?.User ?? 0}", PerMinute)));
}
