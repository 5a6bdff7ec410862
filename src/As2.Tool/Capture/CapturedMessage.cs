using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using As2.Headers;

namespace As2.Tool.Capture;

/// <summary>
/// A message as somebody captured it: a raw HTTP request or response, its header fields and body, or its body alone. Line ends may be
/// CRLF or LF, fields may be folded, the body may be chunked.
/// </summary>
internal sealed partial class CapturedMessage : IDisposable
{
    /// <summary>Bytes of the head at most.</summary>
    public const int MaxHeadBytes = 64 << 10;

    private const int MaxSniffBytes = 16 << 10;

    private readonly CaptureInput _input;

    private CapturedMessage(CaptureInput input, string startLine, HeaderFields headers)
        => (_input, StartLine, Headers, Body) = (input, startLine, headers, OpenBody(input, headers));

    /// <summary>The request or status line; empty when there is none.</summary>
    public string StartLine { get; }

    /// <summary>The header fields.</summary>
    public HeaderFields Headers { get; }

    /// <summary>The body.</summary>
    public CapturedBody Body { get; }

    /// <summary>True for an HTTP response.</summary>
    public bool IsResponse => StartLine.StartsWith("HTTP/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The status code of a response, or null.</summary>
    public int? Status
        => IsResponse && int.TryParse(StartLine.Split(' ').ElementAtOrDefault(1), CultureInfo.InvariantCulture, out var status) ? status : null;

    /// <summary>Reads the head; the body is left to be read.</summary>
    /// <exception cref="CaptureFault">There is no head in it.</exception>
    public static CapturedMessage Open(Stream file)
    {
        var input = new CaptureInput(file);
        try
        {
            SkipInterimAnswers(input);
            var head = input.Peek(MaxHeadBytes);
            var end = HeaderFields.FindEnd(head);
            if (head.IsEmpty)
                throw new CaptureFault("the file is empty");
            if (BareBody.Header(head[..Math.Min(head.Length, MaxSniffBytes)]) is { } inferred)
                return new CapturedMessage(input, "", inferred);
            if (end == MaxHeadBytes)
                throw new CaptureFault($"there is no blank line in the first {MaxHeadBytes} bytes: this is not an HTTP message");
            var (startLine, headers) = ReadHead(head[..end]);
            if (headers.Count == 0)
                throw new CaptureFault("it begins neither with a request or status line nor with a header field: this is not an HTTP message");
            input.Skip(end);
            return new CapturedMessage(input, startLine, headers);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    public void Dispose() => _input.Dispose();

    /// <summary>Passes over a byte order mark, blank lines, and answers such as <c>100 Continue</c> before the one that counts.</summary>
    private static void SkipInterimAnswers(CaptureInput input)
    {
        if (input.Peek(3).StartsWith("\uFEFF"u8))
            input.Skip(3);
        SkipBlankLines(input);
        while (Encoding.Latin1.GetString(input.Peek(16)) is var start && InterimPattern().IsMatch(start) && HeaderFields.FindEnd(input.Peek(MaxHeadBytes)) is > 0 and var end)
        {
            input.Skip(end);
            SkipBlankLines(input);
        }
    }

    private static void SkipBlankLines(CaptureInput input)
    {
        while (input.Peek(1) is [(byte)'\r' or (byte)'\n'])
            input.Skip(1);
    }

    private static (string StartLine, HeaderFields Headers) ReadHead(ReadOnlySpan<byte> head)
    {
        var lineEnd = head.IndexOf((byte)'\n');
        var first = Encoding.Latin1.GetString(lineEnd < 0 ? head : head[..lineEnd]).TrimEnd('\r');
        return StartLinePattern().IsMatch(first) ? (first, HeaderFields.Parse(head[(lineEnd + 1)..])) : ("", HeaderFields.Parse(head));
    }

    private static CapturedBody OpenBody(CaptureInput input, HeaderFields headers)
    {
        var isChunked = headers["Transfer-Encoding"]?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;
        if (isChunked && ChunkedBody.LooksChunked(input))
            return new ChunkedBody(input);
        return long.TryParse(headers["Content-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? new MeasuredBody(input, length)
            : new OpenBody(input);
    }

    [GeneratedRegex(@"^(HTTP/\d(\.\d)? +""?\d{3}|[A-Z]+ +\S+ +HTTP/\d)", RegexOptions.CultureInvariant)]
    private static partial Regex StartLinePattern();

    [GeneratedRegex(@"^HTTP/\d(\.\d)? +1\d\d", RegexOptions.CultureInvariant)]
    private static partial Regex InterimPattern();
}

/// <summary>A file that holds no message, in plain words.</summary>
internal sealed class CaptureFault(string message) : Exception(message);
