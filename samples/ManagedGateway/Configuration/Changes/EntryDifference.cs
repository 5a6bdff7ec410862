using System.Text.Json.Nodes;
using ManagedGateway.Secrets;

namespace ManagedGateway.Configuration.Changes;

/// <summary>One setting before and after, in plain words without secrets. Null: it is not there.</summary>
public sealed record EntryDifference(string Entry, string Setting, string? Before, string? After)
{
    /// <summary>What stands for a secret.</summary>
    public const string Hidden = "•••";

    private static readonly string[] s_secrets = ["Password", "PasswordHash", "HttpPassword", "HttpToken", "Key", "Secret"];

    /// <summary>For the audit log.</summary>
    public override string ToString() => $"{Entry}, {Setting}: {Before ?? "none"} → {After ?? "none"}";

    /// <summary>Every setting that differs. A secret that changed shows as changed, and nothing of it.</summary>
    internal static IEnumerable<EntryDifference> Of(EntryName name, JsonObject? before, JsonObject? after)
    {
        var (old, anew) = (Flat(before).ToDictionary(), Flat(after).ToDictionary());
        if (before is null || after is null)
            yield return new(name.ToString(), "it", before is null ? null : "there", after is null ? null : "there");
        foreach (var setting in old.Keys.Union(anew.Keys).Where(s => old.GetValueOrDefault(s) != anew.GetValueOrDefault(s)))
        {
            var hides = IsSecret(setting, old.GetValueOrDefault(setting)) || IsSecret(setting, anew.GetValueOrDefault(setting));
            yield return new(name.ToString(), setting, Shown(old.GetValueOrDefault(setting), hides), Shown(anew.GetValueOrDefault(setting), hides, " (new)"));
        }
    }

    /// <summary>Whether a setting of this name and value is shown to nobody.</summary>
    public static bool IsSecret(string setting, string? value)
        => s_secrets.Contains(setting[(setting.LastIndexOf('.') + 1)..], StringComparer.OrdinalIgnoreCase) || (value is not null && SecretBox.IsSealed(value));

    private static string? Shown(string? text, bool hides, string mark = "") => text is null ? null : hides ? Hidden + mark : text;

    private static IEnumerable<KeyValuePair<string, string>> Flat(JsonNode? node, string path = "")
    {
        switch (node)
        {
            case JsonObject members:
                return members.SelectMany(m => Flat(m.Value, path.Length == 0 ? m.Key : $"{path}.{m.Key}"));
            case JsonArray items:
                return items.SelectMany((item, i) => Flat(item, $"{path}[{i}]"));
            default:
                return node is null || path == "Pem" ? [] : [KeyValuePair.Create(path, node.ToString())];
        }
    }
}
