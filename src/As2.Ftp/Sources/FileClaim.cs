using System.Globalization;
using System.Text;

namespace As2.Ftp.Sources;

/// <summary>
/// A claimed file's name in the claim folder: <c>OWNER.UUID~name</c>. It says all that a successor needs after a crash: whose it is,
/// since when, under which key, and how the writer called it.
/// </summary>
internal sealed record FileClaim(string Owner, Guid Id, string Name)
{
    private const int MaxNameBytes = 160;

    /// <summary>The key under which the file becomes a message, once.</summary>
    public string Key => $"{Owner}.{Id:N}";

    public string FileName => $"{Key}~{Name}";

    /// <summary>When it was claimed, by the claiming gateway's clock.</summary>
    public DateTimeOffset Since
        => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Id.ToString("N").AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    /// <summary>A new claim. A name too long for a server's disk together with the key loses its middle.</summary>
    public static FileClaim New(string owner, string name, DateTimeOffset now) => new(owner, Guid.CreateVersion7(now), Shorten(name));

    /// <summary>Null: no claim.</summary>
    public static FileClaim? Parse(string fileName)
    {
        var tilde = fileName.IndexOf('~', StringComparison.Ordinal);
        var dot = fileName.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && tilde == dot + 33 && tilde + 1 < fileName.Length && Guid.TryParseExact(fileName.AsSpan(dot + 1, 32), "N", out var id) && id.Version == 7
            ? new FileClaim(fileName[..dot], id, fileName[(tilde + 1)..])
            : null;
    }

    private static string Shorten(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
        {
            var middle = name.Length / 2;
            var cut = char.IsLowSurrogate(name[middle]) ? 2 : char.IsHighSurrogate(name[middle]) ? -2 : 1;
            name = cut > 0 ? name[..(middle + 1 - cut)] + name[(middle + 1)..] : name[..middle] + name[(middle + 2)..];
        }
        return name;
    }
}
