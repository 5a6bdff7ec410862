using As2.Headers;

namespace As2.Mime;

/// <summary>The header of an entity as octets: where it ends, and its fields (RFC 5322 §2.2). The octets themselves are never changed.</summary>
internal static class HeaderBlock
{
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

    /// <summary>Reads the fields when every line is one.</summary>
    /// <returns>False when a line is no field, or holds a control character: this is no header.</returns>
    public static bool TryParse(ReadOnlySpan<byte> octets, out HeaderFields fields)
    {
        fields = [];
        if (!IsHeader(octets))
            return false;
        fields = HeaderFields.Parse(octets);
        return true;
    }

    private static bool IsHeader(ReadOnlySpan<byte> octets)
    {
        for (var isFirst = true; !octets.IsEmpty; isFirst = false)
        {
            var lineBreak = octets.IndexOf((byte)'\n');
            var line = lineBreak < 0 ? octets : octets[..lineBreak].TrimEnd((byte)'\r');
            if (line.IsEmpty)
                return true;
            if (!IsText(line) || !(line[0] is (byte)' ' or (byte)'\t' ? !isFirst : IsField(line)))
                return false;
            octets = lineBreak < 0 ? [] : octets[(lineBreak + 1)..];
        }
        return true;
    }

    private static bool IsField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? [] : line[..colon].TrimEnd(" \t"u8);
        return !name.IsEmpty && name.IndexOfAnyExceptInRange((byte)33, (byte)126) < 0;
    }

    private static bool IsText(ReadOnlySpan<byte> line)
    {
        foreach (var octet in line)
        {
            if (octet is < 32 and not (byte)'\t' or 127)
                return false;
        }
        return true;
    }
}
