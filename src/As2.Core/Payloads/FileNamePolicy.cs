using System.Text;

namespace As2.Payloads;

/// <summary>The one place where remote text becomes a file name. The original is kept beside it as data.</summary>
public static class FileNamePolicy
{
    /// <summary>The longest name, in characters (all of them ASCII).</summary>
    public const int MaxLength = 120;

    private static readonly HashSet<string> s_devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>
    /// A safe name: the last segment, only <c>A–Z a–z 0–9 . _ -</c>, no dot or dash at its start, no dot at its end, no device
    /// name, at most 120 characters.
    /// </summary>
    /// <param name="remote">What the partner wrote, or null.</param>
    /// <param name="fallback">Used when nothing safe is left; itself safe.</param>
    public static string MakeSafe(string? remote, string fallback)
    {
        var segment = (remote ?? "").Split('/', '\\')[^1].Trim();
        var safe = new StringBuilder(segment.Length);
        foreach (var c in segment)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
                safe.Append(c);
            else if (!char.IsControl(c))
                safe.Append('_');
        }
        var name = safe.ToString().TrimStart('.', '-').TrimEnd('.');
        if (name.Length > MaxLength)
        {
            var extension = Path.GetExtension(name);
            extension = extension.Length <= 20 ? extension : "";
            name = name[..(MaxLength - extension.Length)] + extension;
        }
        if (name.Trim('_', '.').Length == 0)
            return fallback;
        return s_devices.Contains(name.Split('.')[0]) ? "_" + name : name;
    }

    /// <summary>The n-th form of a taken name: <c>order.edi</c> → <c>order-2.edi</c>.</summary>
    public static string Numbered(string name, int number)
        => number < 2 ? name : $"{Path.GetFileNameWithoutExtension(name)}-{number}{Path.GetExtension(name)}";
}
