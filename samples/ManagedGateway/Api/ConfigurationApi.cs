using System.Text.Json;
using System.Text.Json.Nodes;
using ManagedGateway.Configuration.Code;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Api;

/// <summary>The configuration as code.</summary>
internal static class ConfigurationApi
{
    public static void MapConfiguration(this RouteGroupBuilder api)
    {
        var code = api.MapGroup("/configuration").For(Role.PartnerAdmin).WithTags("Configuration");
        code.MapGet("", (Caller caller, ConfigurationCode all) => all.Export(caller)).WithName("ExportConfiguration").WithSummary("Everything that is saved, as JSON without secrets.");
        code.MapPut("", Import)
            .Changes().WithName("ImportConfiguration").WithSummary("Takes such JSON in as one change; with dryRun=true it only says what would change.");
    }

    // An element, for that a name stands in it twice is the caller's fault; a JsonObject would make it one of ours.
    private static IResult Import(JsonElement document, bool? dryRun, Caller caller, ConfigurationCode all)
        => document.ValueKind == JsonValueKind.Object
            ? ChangeAnswers.Of(all.Import(caller, JsonObject.Create(document)!, dryRun ?? false))
            : Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: "The configuration is a JSON object.");
}
