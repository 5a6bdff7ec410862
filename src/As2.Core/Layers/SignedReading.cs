using As2.Mime;

namespace As2.Layers;

/// <summary>Octets as a signer may have seen them before something on the way changed them.</summary>
/// <param name="Name">What is different, in plain words.</param>
/// <param name="Octets">The octets.</param>
/// <param name="IsMic">True where the signer's MIC is of these octets too; false where it is of what it put on the wire (libas2).</param>
internal sealed record SignedReading(string Name, byte[] Octets, bool IsMic)
{
    /// <summary>The readings known from deployed products, the likeliest first; made one at a time.</summary>
    /// <param name="octets">The octets as they came.</param>
    /// <param name="lineEndsChange">True: line ends may have changed also where the content is declared binary.</param>
    public static IEnumerable<SignedReading> Others(ReadOnlySpan<byte> octets, bool lineEndsChange = false) => Others(octets.ToArray(), lineEndsChange);

    private static IEnumerable<SignedReading> Others(byte[] octets, bool lineEndsChange)
    {
        var body = Math.Max(HeaderBlock.FindBody(octets), 0);
        yield return new("its header with CRLF line ends", [.. WithCrLf(octets.AsSpan(0, body)), .. octets.AsSpan(body)], IsMic: true);
        if (lineEndsChange || !DeclaresBinary(octets.AsSpan(0, body)))
        {
            yield return new("CRLF line ends throughout", WithCrLf(octets), IsMic: true);
            yield return new("CRLF in place of every CR and LF", WithCrLf(octets, loneReturns: true), IsMic: true);
        }
        yield return new("without the last line end", TrimLineEnd(octets), IsMic: false);
        yield return new("with one more line end", [.. octets, (byte)'\r', (byte)'\n'], IsMic: false);
    }

    /// <summary>The same octets with a CR before every LF that has none.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="loneReturns">True: a CR alone becomes CRLF too, as JavaMail does.</param>
    public static byte[] WithCrLf(ReadOnlySpan<byte> octets, bool loneReturns = false)
    {
        var result = new List<byte>(octets.Length + 64);
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r'))
                result.Add((byte)'\r');
            result.Add(octets[i]);
            if (loneReturns && octets[i] == '\r' && (i + 1 == octets.Length || octets[i + 1] != '\n'))
                result.Add((byte)'\n');
        }
        return [.. result];
    }

    /// <summary>The same octets without one CRLF or LF at their end.</summary>
    public static byte[] TrimLineEnd(ReadOnlySpan<byte> octets)
    {
        if (octets.EndsWith("\r\n"u8))
            return octets[..^2].ToArray();
        return octets.EndsWith("\n"u8) ? octets[..^1].ToArray() : octets.ToArray();
    }

    private static bool DeclaresBinary(ReadOnlySpan<byte> header)
        => HeaderBlock.TryParse(header, out var fields)
            && string.Equals(fields["Content-Transfer-Encoding"]?.Trim(), "binary", StringComparison.OrdinalIgnoreCase);
}
