using Microsoft.Extensions.Configuration;

namespace As2.AspNetCore.Configuration;

/// <summary>Reads a section by a table of settings; what the table does not know is a fault, not a silence.</summary>
internal static class SectionReader
{
    /// <summary>The target with everything that the section says.</summary>
    /// <param name="section">The section.</param>
    /// <param name="target">What holds without it.</param>
    /// <param name="table">The settings, applied in this order.</param>
    /// <param name="others">Names that somebody else reads.</param>
    /// <param name="faults">Takes what is wrong.</param>
    public static T Read<T>(IConfigurationSection section, T target, IReadOnlyList<Setting<T>> table, IReadOnlyList<string> others, SettingFaults faults)
    {
        CheckNames(section, [.. table.Select(s => s.Name), .. others], faults);
        var written = section.GetChildren().ToDictionary(c => c.Key, StringComparer.OrdinalIgnoreCase);
        foreach (var setting in table)
        {
            if (written.TryGetValue(setting.Name, out var child) && IsThere(child))
                target = Apply(setting, target, child, faults);
        }
        return target;
    }

    /// <summary>Every name in a section that nobody knows is a fault.</summary>
    public static void CheckNames(IConfigurationSection section, IReadOnlyList<string> known, SettingFaults faults)
    {
        foreach (var unknown in section.GetChildren().Where(c => !known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
            faults.Add("AS2-CONFIG-002", unknown, $"There is no such setting. {Nearest(unknown.Key, known)}");
    }

    /// <summary>False for null in the file: as if it were not written.</summary>
    public static bool IsThere(IConfigurationSection section) => section.Value is not null || section.GetChildren().Any();

    private static T Apply<T>(Setting<T> setting, T target, IConfigurationSection child, SettingFaults faults)
    {
        try
        {
            return setting.Apply(target, new SettingText(child));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            faults.Add("AS2-CONFIG-003", child, $"'{child.Value ?? "a list or a block"}' is not understood; write {setting.Accepts}.");
            return target;
        }
    }

    private static string Nearest(string word, IReadOnlyList<string> known)
    {
        var nearest = known.MinBy(k => Distance(word.ToUpperInvariant(), k.ToUpperInvariant()))!;
        return Distance(word.ToUpperInvariant(), nearest.ToUpperInvariant()) <= 3
            ? $"Did you mean {nearest}?"
            : $"There are {string.Join(", ", known)}.";
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
