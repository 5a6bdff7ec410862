using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using As2;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Configuration.Code;
using ManagedGateway.Operations.Access;

namespace ManagedGateway;

/// <summary>
/// <c>gateway export</c> and <c>gateway import FILE [--dry-run]</c>: partnerships as code. The gateway may be running; it takes up what was
/// imported within seconds.
/// </summary>
internal static class ConfigurationCommand
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Writes what is saved, without secrets.</summary>
    public static async Task<int> ExportAsync(GatewayOptions options, TextWriter output)
    {
        await using var services = Open(options);
        await output.WriteLineAsync(services.GetRequiredService<ConfigurationCode>().Export(Caller("gateway export")).ToJsonString(s_json));
        return 0;
    }

    /// <summary>Takes a document in, and says what changed or would; 1 when it is refused.</summary>
    /// <exception cref="As2Exception">GW-IMPORT-001: it cannot be read.</exception>
    public static async Task<int> ImportAsync(GatewayOptions options, TextWriter output)
    {
        await using var services = Open(options);
        var result = services.GetRequiredService<ConfigurationCode>().Import(Caller("gateway import"), Read(options.File), options.DryRun);
        foreach (var fault in result.Faults.Concat(result.Warnings))
            await output.WriteLineAsync(fault.ToString());
        foreach (var difference in result.Differences)
            await output.WriteLineAsync($"{Sign(difference)} {difference}");
        await output.WriteLineAsync((result.IsDone, result.Differences.Count, options.DryRun) switch
        {
            (false, _, _) => "Refused; nothing was changed.",
            (_, 0, _) => "Everything is as the file says.",
            (_, var count, true) => $"{count} settings would change.",
            (_, var count, _) => $"{count} settings changed.",
        });
        return result.IsDone ? 0 : 1;
    }

    private static JsonObject Read(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file), documentOptions: s_lenient) as JsonObject ?? throw new JsonException("it holds no object");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new As2Exception("GW-IMPORT-001", $"{file} cannot be read: {e.Message}", e);
        }
    }

    private static char Sign(EntryDifference difference) => (difference.Before, difference.After) switch { (null, _) => '+', (_, null) => '-', _ => '~' };

    private static Caller Caller(string name) => new(0, name, Role.SecurityAdmin, null);

    private static ServiceProvider Open(GatewayOptions options)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(GatewaySettings.Load(options.Data));
        services.AddSettingsOf(options.Data);
        services.AddSingleton<ChangeRules>().AddSingleton<SettingsChanges>().AddSingleton<ConfigurationCode>();
        return services.BuildServiceProvider();
    }
}
