using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace As2.Restart;

/// <summary>The <c>Content-Range</c> of a transfer: octets <see cref="First"/> to the end of a body of <see cref="Total"/> octets.</summary>
/// <param name="First">The first octet that is sent, from 0.</param>
/// <param name="Total">The length of the whole body; at least 1 more than <paramref name="First"/>.</param>
internal readonly record struct ContentRange(long First, long Total)
{
    public const string HeaderName = "Content-Range";

    /// <summary>How many octets are sent.</summary>
    public long Length => Total - First;

    /// <summary>Reads <c>bytes first-last/total</c>; a range that does not run to the end is none of ours (draft-harding-as2-restart §4.3).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ContentRange range)
    {
        range = default;
        if (!TryCutUnit(text, out var rest) || rest.IndexOf('/') is not (> 0 and var slash) || rest[..slash].IndexOf('-') is not (> 0 and var dash))
            return false;
        if (!TryRead(rest[..dash], out var first) || !TryRead(rest[(dash + 1)..slash], out var last) || !TryRead(rest[(slash + 1)..], out var total))
            return false;
        range = new ContentRange(first, total);
        return first <= last && last == total - 1;
    }

    /// <summary>Reads <c>bytes */held</c>, the answer to a range that does not fit.</summary>
    public static bool TryParseHeld(string? text, out long held)
    {
        held = 0;
        return TryCutUnit(text, out var rest) && rest.StartsWith("*/", StringComparison.Ordinal) && TryRead(rest[2..], out held);
    }

    /// <summary>The answer to a range that does not fit.</summary>
    public static string OfHeld(long held) => string.Create(CultureInfo.InvariantCulture, $"bytes */{held}");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"bytes {First}-{Total - 1}/{Total}");

    private static bool TryCutUnit([NotNullWhen(true)] string? text, out ReadOnlySpan<char> rest)
    {
        rest = text.AsSpan().Trim();
        if (!rest.StartsWith("bytes", StringComparison.OrdinalIgnoreCase) || rest.Length < 6 || rest[5] is not (' ' or '\t' or '='))
            return false;
        rest = rest[6..].Trim();
        return text is not null;
    }

    private static bool TryRead(ReadOnlySpan<char> text, out long value)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
