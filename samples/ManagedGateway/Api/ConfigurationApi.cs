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
        code.MapPut("", (JsonObject document, bool? dryRun, Caller caller, ConfigurationCode all) => ChangeAnswers.Of(all.Import(caller, document, dryRun ?? false)))
            .Changes().WithName("ImportConfiguration").WithSummary("Takes such JSON in as one change; with dryRun=true it only says what would change.");
    }
}
