using System.Text;

namespace As2.Receipts;

/// <summary>
/// Cuts a small multipart that is whole in memory, octet for octet (RFC 2046 §5.1.1). The line break before a delimiter belongs to
/// the delimiter; line breaks are CRLF or a bare LF.
/// </summary>
internal static class MultipartSlices
{
    private const int MaxParts = 20;

    /// <summary>The parts; a lost closing delimiter is tolerated, a lost first one too where a header stands in its place.</summary>
    public static List<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> body, ReadOnlySpan<char> boundary)
    {
        var delimiter = new byte[2 + boundary.Length];
        "--"u8.CopyTo(delimiter);
        Encoding.Latin1.GetBytes(boundary, delimiter.AsSpan(2));
        var parts = new List<ReadOnlyMemory<byte>>(2);
        var (start, position) = (-1, 0);
        while (position < body.Length && parts.Count < MaxParts)
        {
            var line = body.Span[position..];
            var length = line.IndexOf((byte)'\n') is >= 0 and var lineBreak ? lineBreak + 1 : line.Length;
            if (IsDelimiter(line[..length], delimiter, out var closes))
            {
                var from = start >= 0 ? start : FirstWithoutDelimiter(body.Span[..position]);
                if (from >= 0)
                    parts.Add(body[from..BeforeLineBreak(body.Span, from, position)]);
                start = closes ? -2 : position + length;
                if (closes)
                    break;
            }
            position += length;
        }
        if (start >= 0 && start < body.Length)
            parts.Add(body[start..]);
        return parts;
    }

    private static bool IsDelimiter(ReadOnlySpan<byte> line, byte[] delimiter, out bool closes)
    {
        closes = false;
        if (!line.StartsWith(delimiter))
            return false;
        var rest = line[delimiter.Length..].TrimEnd(" \t\r\n"u8);
        closes = rest.SequenceEqual("--"u8);
        return closes || rest.IsEmpty;
    }

    // A preamble is text for old mail readers; one that starts with a MIME header is a part that lost its delimiter.
    private static int FirstWithoutDelimiter(ReadOnlySpan<byte> preamble)
    {
        var start = preamble.IndexOfAnyExcept("\r\n"u8);
        return start >= 0 && Ascii.EqualsIgnoreCase(preamble[start..Math.Min(preamble.Length, start + 8)], "content-"u8) && HasBody(preamble[start..])
            ? start
            : -1;
    }

    private static bool HasBody(ReadOnlySpan<byte> part)
        => part.IndexOf("\r\n\r\n"u8) is var gap and >= 0 ? !part[gap..].Trim("\r\n"u8).IsEmpty : part.IndexOf("\n\n"u8) is >= 0 and var thin && !part[thin..].Trim("\n"u8).IsEmpty;

    private static int BeforeLineBreak(ReadOnlySpan<byte> body, int from, int position)
    {
        if (position > from && body[position - 1] == '\n')
            position--;
        if (position > from && body[position - 1] == '\r')
            position--;
        return position;
    }
}
