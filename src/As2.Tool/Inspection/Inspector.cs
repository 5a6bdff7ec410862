using System.Text;
using As2.Headers;
using As2.Tool.Capture;
using As2.Tool.Cli;
using As2.Tool.Keys;

namespace As2.Tool.Inspection;

/// <summary>How to inspect.</summary>
/// <param name="At">When certificates must be valid; null: at the message's own time.</param>
/// <param name="Strict">Report what an agreement of today refuses.</param>
internal sealed record InspectionOptions(DateTimeOffset? At = null, bool Strict = false);

/// <summary>Explains one captured file after the other. What is wrong with a file becomes a fault in its report, never an exception.</summary>
internal sealed class Inspector(KeyRing keys, InspectionOptions options, TimeProvider clock)
{
    private const int PeekBytes = 16 << 10;

    /// <summary>Explains a file, <c>-</c> is standard input.</summary>
    /// <param name="file">The path.</param>
    /// <param name="payloads">Takes the payloads.</param>
    /// <param name="progress">Is told about every block.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Report Inspect(string file, PayloadDigests payloads, Progress progress, CancellationToken cancellationToken)
    {
        using var stream = Open(file);
        progress.Begin(file, stream.CanSeek ? stream.Length : null);
        try
        {
            using var capture = CapturedMessage.Open(stream);
            var body = new InspectedBody(capture.Body, PeekBytes, progress, cancellationToken);
            return (IsReceipt(capture, body.Start)
                ? new ReceiptInspector(keys, options, clock).Inspect(capture, body)
                : new MessageInspector(keys, options, clock).Inspect(capture, body, payloads)) with { File = file };
        }
        catch (CaptureFault fault)
        {
            return Unreadable(file, "capture", fault.Message);
        }
        finally
        {
            progress.End();
        }
    }

    /// <summary>The report on a file that is no message, or could not be read.</summary>
    public static Report Unreadable(string file, string kind, string why)
        => new() { File = file, Kind = "unreadable", Faults = [new FaultReport(kind, why)] };

    private static Stream Open(string file)
        => file == "-" ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan);

    // RFC 4130 §7.2: multipart/report, or multipart/signed around one. An answer can be nothing else.
    private static bool IsReceipt(CapturedMessage capture, ReadOnlySpan<byte> start)
    {
        if (capture.IsResponse)
            return true;
        var type = (capture.Headers[As2HeaderNames.ContentType] ?? "").TrimStart(' ', '\t', '"');
        if (type.StartsWith("multipart/report", StringComparison.OrdinalIgnoreCase))
            return true;
        return type.StartsWith("multipart/signed", StringComparison.OrdinalIgnoreCase) && BeginsWithReport(start);
    }

    private static bool BeginsWithReport(ReadOnlySpan<byte> start)
    {
        var text = Encoding.Latin1.GetString(start);
        var delimiter = text.StartsWith("--", StringComparison.Ordinal) ? 0 : text.IndexOf("\n--", StringComparison.Ordinal);
        if (delimiter < 0)
            return false;
        var end = text.IndexOf("\n\r\n", delimiter, StringComparison.Ordinal) is >= 0 and var crlf ? crlf : text.IndexOf("\n\n", delimiter, StringComparison.Ordinal);
        return text[delimiter..(end < 0 ? text.Length : end)].Contains("multipart/report", StringComparison.OrdinalIgnoreCase);
    }
}
