using System.Text.Json.Serialization;

namespace ManagedGateway.Api;

/// <summary>The REST API under <c>/api/v1</c>.</summary>
internal static class ApiHost
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<Problems>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.MaxDepth = 16;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
        return services;
    }

    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1").DisableAntiforgery();
        api.MapUsers();
        api.MapTokens();
        api.MapAudit();
        // Nothing under /api falls through to a page.
        app.Map("/api/{**rest}", () => Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: "There is no such address."));
    }
}
