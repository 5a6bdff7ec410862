using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using As2;

namespace ManagedGateway.Configuration;

/// <summary><c>gateway.json</c> as JSON, with what variables of the environment say over it.</summary>
internal static class SettingsFile
{
    private const string Prefix = "GATEWAY_";

    private static readonly JsonNodeOptions s_names = new() { PropertyNameCaseInsensitive = true };
    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads it. The section As2 is as it stands in the file: its variables count by <see cref="MergedSettings.OpenAs2"/>.</summary>
    /// <exception cref="As2Exception">GW-CONFIG-001: there is none, or it cannot be read.</exception>
    public static JsonObject Read(string data)
    {
        var file = Path.Combine(data, GatewaySettings.FileName);
        try
        {
            var root = JsonNode.Parse(File.ReadAllBytes(file), s_names, s_lenient) as JsonObject ?? throw new JsonException("it holds no object");
            foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
                Overlay(root, (string)variable.Key, (string?)variable.Value ?? "");
            return root;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new As2Exception("GW-CONFIG-001", $"There is no {file}. Start with 'gateway demo --data {data}', or write one: see docs/gateway.md.", e);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException)
        {
            throw new As2Exception("GW-CONFIG-001", $"{file} cannot be read: {e.Message}", e);
        }
    }

    // GATEWAY_Listen__As2Port: a section, then names and numbers of list items.
    private static void Overlay(JsonObject root, string variable, string value)
    {
        if (!variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return;
        var path = variable[Prefix.Length..].Split("__");
        if (path.Length < 2 || path[0].Equals("As2", StringComparison.OrdinalIgnoreCase))
            return;
        JsonNode at = root;
        for (var i = 0; i < path.Length - 1; i++)
            at = Child(at, path[i], isList: int.TryParse(path[i + 1], out _)) ?? throw new As2Exception("GW-CONFIG-001", $"The variable {variable} leads nowhere: write it as {Prefix}SECTION__SETTING.");
        Set(at, path[^1], value);
    }

    private static JsonNode? Child(JsonNode parent, string name, bool isList)
    {
        var child = parent switch
        {
            JsonObject members => members[name],
            JsonArray items when int.TryParse(name, out var index) && index < items.Count => items[index],
            _ => null,
        };
        if (child is not null)
            return child;
        child = isList ? new JsonArray(s_names) : new JsonObject(s_names);
        return Set(parent, name, child) ? child : null;
    }

    private static bool Set(JsonNode parent, string name, JsonNode value)
    {
        if (parent is JsonObject members)
            members[name] = value;
        else if (parent is not JsonArray items || !int.TryParse(name, out var index) || index < 0 || index > items.Count)
            return false;
        else if (index == items.Count)
            items.Add(value);
        else
            items[index] = value;
        return true;
    }
}
