using System.Text;
using As2.Headers;

namespace As2.Mime;

/// <summary>The header of an entity as octets: where it ends, and its fields (RFC 5322 §2.2). The octets themselves are never changed.</summary>
internal static class HeaderBlock
{
    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Where the body begins, after the blank line; -1 while that has not come. Line breaks are CRLF or a bare LF.</summary>
    /// <param name="octets">From the first octet of the entity.</param>
    /// <param name="from">Octets known to hold no blank line.</param>
    public static int FindBody(ReadOnlySpan<byte> octets, int from = 0)
    {
        for (var line = from == 0 ? 0 : octets[..from].LastIndexOf((byte)'\n') + 1; line < octets.Length;)
        {
            var rest = octets[line..];
            if (rest[0] == '\n')
                return line + 1;
            if (rest.StartsWith("\r\n"u8))
                return line + 2;
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
                return -1;
            line += end + 1;
        }
        return -1;
    }

    /// <summary>Reads the fields, folded lines joined by one blank.</summary>
    /// <returns>False when a line is no field, or holds a control character: this is no header.</returns>
    public static bool TryParse(ReadOnlySpan<byte> octets, out HeaderFields fields)
    {
        fields = [];
        while (!octets.IsEmpty)
        {
            var field = TakeField(ref octets);
            if (field.IsEmpty)
                return true;
            var colon = field.IndexOf((byte)':');
            if (colon <= 0 || !IsName(field[..colon].TrimEnd(" \t"u8)) || !IsText(field[(colon + 1)..]))
                return false;
            fields.Add(Encoding.ASCII.GetString(field[..colon].TrimEnd(" \t"u8)), Unfold(field[(colon + 1)..]));
        }
        return true;
    }

    /// <summary>The next field with its continuation lines, without the last line break; empty for the blank line.</summary>
    private static ReadOnlySpan<byte> TakeField(ref ReadOnlySpan<byte> octets)
    {
        var length = 0;
        int next;
        do
        {
            var lineBreak = octets[length..].IndexOf((byte)'\n');
            next = lineBreak < 0 ? octets.Length : length + lineBreak + 1;
            var isBlank = octets[length..next].TrimEnd("\r\n"u8).IsEmpty;
            length = next;
            if (isBlank)
                break;
        }
        while (next < octets.Length && octets[next] is (byte)' ' or (byte)'\t');
        var field = octets[..length].TrimEnd("\r\n"u8);
        octets = octets[length..];
        return field;
    }

    private static bool IsName(ReadOnlySpan<byte> octets) => !octets.IsEmpty && octets.IndexOfAnyExceptInRange((byte)33, (byte)126) < 0;

    private static bool IsText(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
        {
            if (octet is < 32 and not ((byte)'\t' or (byte)'\r' or (byte)'\n') or 127)
                return false;
        }
        return true;
    }

    private static string Unfold(ReadOnlySpan<byte> octets)
    {
        var text = Decode(octets.Trim(" \t\r\n"u8));
        if (!text.AsSpan().ContainsAny('\r', '\n'))
            return text;
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', lines).Replace('\r', ' ');
    }

    private static string Decode(ReadOnlySpan<byte> octets)
    {
        try
        {
            return s_strictUtf8.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            // Not legal in any header (RFC 5322 §2.2); file names of old products come so.
            return Encoding.Latin1.GetString(octets);
        }
    }
}
