using System.Globalization;
using System.Text;
using As2.Headers;

namespace As2.Testing;

/// <summary>
/// An HTTP message read from its raw octets: request or response, or header fields and body alone; folded fields joined, a chunked
/// body put together.
/// </summary>
/// <param name="StartLine">The request or status line; empty when there is none.</param>
/// <param name="Headers">The header fields, Latin-1.</param>
/// <param name="Body">The body, without its chunking.</param>
public sealed record RawHttpMessage(string StartLine, HeaderFields Headers, byte[] Body)
{
    /// <summary>The status code of a response.</summary>
    public int Status => int.Parse(StartLine.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>The body as Latin-1 text, which keeps every octet.</summary>
    public string Text => Encoding.Latin1.GetString(Body);

    /// <summary>Reads a whole message.</summary>
    /// <exception cref="FormatException">The octets are not a whole message.</exception>
    public static RawHttpMessage Parse(ReadOnlySpan<byte> octets)
        => TryParse(octets, atEnd: true, out var message) ? message : throw new FormatException("Not a whole HTTP message.");

    /// <summary>Reads a message when it is whole.</summary>
    /// <param name="octets">What came so far.</param>
    /// <param name="atEnd">Nothing follows: a body without a length ends here.</param>
    /// <param name="message">The message.</param>
    public static bool TryParse(ReadOnlySpan<byte> octets, bool atEnd, out RawHttpMessage message)
    {
        message = null!;
        var (end, gap) = FindBlankLine(octets);
        if (end < 0)
            return false;
        var (startLine, headers) = ReadHead(Encoding.Latin1.GetString(octets[..end]));
        var isInterim = startLine.StartsWith("HTTP/1.1 1", StringComparison.Ordinal);
        if ((isInterim ? [] : TryReadBody(octets[(end + gap)..], headers, atEnd)) is not { } body)
            return false;
        message = new RawHttpMessage(startLine, headers, body);
        return true;
    }

    private static (int End, int Gap) FindBlankLine(ReadOnlySpan<byte> octets)
    {
        var strict = octets.IndexOf("\r\n\r\n"u8);
        return strict >= 0 ? (strict, 4) : (octets.IndexOf("\n\n"u8), 2);
    }

    private static (string StartLine, HeaderFields Headers) ReadHead(string head)
    {
        var lines = new List<string>();
        foreach (var line in head.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            if (line.StartsWith(' ') || line.StartsWith('\t'))
                lines[^1] += " " + line.Trim();
            else
                lines.Add(line);
        }
        var startLine = lines[0].Split(':')[0].Contains(' ', StringComparison.Ordinal) ? lines[0] : "";
        var headers = new HeaderFields();
        foreach (var line in lines.Skip(startLine.Length > 0 ? 1 : 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(line[..colon].TrimEnd(), line[(colon + 1)..].Trim());
        }
        return (startLine, headers);
    }

    private static byte[]? TryReadBody(ReadOnlySpan<byte> rest, HeaderFields headers, bool atEnd)
    {
        if (headers["Transfer-Encoding"]?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true)
            return TryDechunk(rest);
        if (!int.TryParse(headers["Content-Length"], CultureInfo.InvariantCulture, out var length))
            return atEnd ? rest.ToArray() : null;
        return rest.Length < length ? null : rest[..length].ToArray();
    }

    private static byte[]? TryDechunk(ReadOnlySpan<byte> rest)
    {
        var body = new MemoryStream();
        while (rest.IndexOf("\r\n"u8) is >= 0 and var line)
        {
            var size = int.Parse(Encoding.ASCII.GetString(rest[..line]).Split(';')[0].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            rest = rest[(line + 2)..];
            if (rest.Length < size + 2)
                return null;
            if (size == 0)
                return body.ToArray();
            body.Write(rest[..size]);
            rest = rest[(size + 2)..];
        }
        return null;
    }
}
