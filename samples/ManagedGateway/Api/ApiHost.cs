using System.Text.Json.Serialization;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Api;

/// <summary>The REST API under <c>/api/v1</c>.</summary>
internal static class ApiHost
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddOpenApi("v1", document => document.AddDocumentTransformer((api, _, _) =>
        {
            (api.Info.Title, api.Info.Version) = ("As2 gateway", "v1");
            // Wherever the document was fetched from.
            api.Servers = [];
            return Task.CompletedTask;
        }));
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
        api.MapMessages();
        api.MapFiles();
        api.MapStations();
        api.MapPartners();
        api.MapAccounts();
        api.MapTests();
        api.MapNotices();
        api.MapAddresses();
        api.MapConfiguration();
        api.MapOnboarding();
        app.MapOnboardingFiles();
        api.MapFigures();
        api.MapUsers();
        api.MapTokens();
        api.MapAudit();
        app.MapOpenApi("/api/{documentName}/openapi.json").For(Role.Viewer);
        // Nothing under /api falls through to a page.
        app.Map("/api/{**rest}", () => Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: "There is no such address."));
    }
}
