using System.Globalization;
using System.Text;

namespace As2.Ftp.Server.Files;

/// <summary>A virtual path, always absolute and without <c>.</c> and <c>..</c>. It never names anything on a disk.</summary>
public readonly record struct FtpPath
{
    private const int MaxNameBytes = 255;
    private const int MaxDepth = 16;

    private readonly string[]? _segments;

    private FtpPath(string[] segments) => _segments = segments;

    /// <summary>The top: <c>/</c>.</summary>
    public static FtpPath Root => default;

    /// <summary>Its names from the top; empty for the root.</summary>
    public IReadOnlyList<string> Segments => _segments ?? [];

    /// <summary>The last name; empty for the root.</summary>
    public string Name => Segments.Count == 0 ? "" : Segments[^1];

    /// <summary>The folder above; the root is its own.</summary>
    public FtpPath Parent => new([.. Segments.Take(Segments.Count - 1)]);

    /// <summary>Resolves what a client wrote, against this folder. <c>..</c> at the top stays at the top.</summary>
    /// <exception cref="FtpRefusedException">553: a name is not allowed.</exception>
    public FtpPath Resolve(string text)
    {
        var segments = text.StartsWith('/') ? [] : new List<string>(Segments);
        foreach (var segment in text.Split('/'))
        {
            if (segment == "..")
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            else if (segment is not ("" or "."))
                segments.Add(Check(segment));
        }
        return segments.Count <= MaxDepth ? new FtpPath([.. segments]) : throw new FtpRefusedException(553, "The path is too deep.");
    }

    /// <summary>The path as text.</summary>
    public override string ToString() => "/" + string.Join('/', Segments);

    /// <summary>Compares names ordinally.</summary>
    public bool Equals(FtpPath other) => Segments.SequenceEqual(other.Segments, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    private static string Check(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
            throw new FtpRefusedException(553, $"A name has at most {MaxNameBytes} bytes.");
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value == '\\' || rune == Rune.ReplacementChar || !IsPrintable(Rune.GetUnicodeCategory(rune)))
                throw new FtpRefusedException(553, "A name is UTF-8 without backslashes and control characters.");
        }
        return name;
    }

    // Format characters can hide or reverse text in a listing.
    private static bool IsPrintable(UnicodeCategory category) => category is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
