using Microsoft.Extensions.Configuration;

namespace As2.AspNetCore.Configuration;

/// <summary>A kind of value in the file: the words that it accepts, and both ways between them and the engine's value.</summary>
/// <param name="Accepts">What may be written, for people.</param>
/// <param name="Read">Throws <see cref="FormatException"/> for anything else.</param>
/// <param name="Show">The words for a value; <see cref="Read"/> takes them back.</param>
internal sealed record SettingKind<TValue>(string Accepts, Func<SettingText, TValue> Read, Func<TValue, string> Show);

/// <summary>One setting: its name in the file, the member that it sets, and how.</summary>
/// <param name="Name">The name in the file; compared without case.</param>
/// <param name="Member">The member: <c>Sending.Digest</c>.</param>
/// <param name="Accepts">What may be written.</param>
/// <param name="Meaning">For the manual.</param>
/// <param name="Apply">The target with the value of the file; throws <see cref="FormatException"/>.</param>
/// <param name="Show">What the target says now, in the words of the file.</param>
internal sealed record Setting<T>(
    string Name, string Member, string Accepts, string Meaning, Func<T, SettingText, T> Apply, Func<T, string> Show)
{
    /// <summary>A setting of a kind.</summary>
    public static Setting<T> Of<TValue>(
        string name, string member, SettingKind<TValue> kind, string meaning, Func<T, TValue> get, Func<T, TValue, T> set)
        => new(name, member, kind.Accepts, meaning, (target, text) => set(target, kind.Read(text)), target => kind.Show(get(target)));
}

/// <summary>What stands in the file for one setting: a single value, or a list.</summary>
internal readonly struct SettingText(IConfigurationSection section)
{
    /// <summary>A value that stands in no file.</summary>
    public SettingText(string value)
        : this(new ConfigurationBuilder().AddInMemoryCollection([new("X", value)]).Build().GetSection("X"))
    {
    }

    private static readonly char[] s_separators = [',', ';'];

    /// <summary>The single value.</summary>
    /// <exception cref="FormatException">It is empty, or a list.</exception>
    public string Single => section.Value?.Trim() is { Length: > 0 } text ? text : throw new FormatException();

    /// <summary>The values; one text is cut at commas and semicolons, so that a variable of the environment can hold a list.</summary>
    public IReadOnlyList<string> List
    {
        get
        {
            var children = section.GetChildren().ToList();
            return children.Count > 0
                ? [.. children.Select(c => c.Value?.Trim() is { Length: > 0 } text ? text : throw new FormatException())]
                : (section.Value ?? "").Split(s_separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
    }
}
