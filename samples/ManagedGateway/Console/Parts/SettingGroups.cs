using As2.AspNetCore;

namespace ManagedGateway.Console.Parts;

/// <summary>The settings of a partnership as a form shows them: what most need first, the rest by what it is about.</summary>
internal static class SettingGroups
{
    private static readonly (string Title, string First)[] s_groups =
        [("Connection", "HttpUser"), ("What we send", "Sign"), ("What we demand", "RequireSigned"), ("Receipts", "Receipt"), ("Certificates by messages", "CertificateExchange"), ("Conduct", "Quirks")];

    /// <summary>The groups in the order of docs/settings.md. The address stands in none: every partner has one.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<SettingDescription> Settings)> Of(IReadOnlyList<SettingDescription> all)
    {
        var groups = new List<(string Title, List<SettingDescription> Settings)>();
        foreach (var setting in all.Where(s => s.Name != "Endpoint"))
        {
            if (s_groups.FirstOrDefault(g => g.First == setting.Name) is { Title: { } title })
                groups.Add((title, []));
            groups[^1].Settings.Add(setting);
        }
        return [.. groups.Select(g => (g.Title, (IReadOnlyList<SettingDescription>)g.Settings))];
    }

    /// <summary>The words that a setting accepts; empty: it takes more than a choice.</summary>
    public static IReadOnlyList<string> Words(SettingDescription setting) => setting.Accepts switch
    {
        "true or false" => ["true", "false"],
        var text when text.StartsWith("one of ", StringComparison.Ordinal) => text["one of ".Length..].Split(", "),
        _ => [],
    };
}
