using System.Globalization;
using As2.Agreements;
using As2.Headers;
using As2.Storage;
using As2.Transmission;
using Microsoft.Extensions.Logging;

namespace As2.Telemetry;

/// <summary>
/// On demand, what goes over the wire with one partner, as files that <c>as2 inspect</c> reads: raw requests and answers, secrets in header
/// fields masked, bounded each and all together, the oldest making room. A message never fails because it cannot be captured. Thread-safe.
/// </summary>
internal sealed partial class WireCapture(As2Options options, TimeProvider clock, ILogger logger)
{
    private const string Mask = "(masked)";
    private const string Pattern = "*.http";

    private static readonly HashSet<string> s_secret = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Client-Certificate" };
    private static readonly Lock s_gate = new();

    /// <summary>Begins a file; null where the partnership is not captured.</summary>
    /// <param name="partnership">With whom.</param>
    /// <param name="name">The kind of file: <c>in</c>, <c>out</c>, <c>answer</c>.</param>
    /// <param name="startLine">Request line or status line.</param>
    /// <param name="headers">The header fields.</param>
    public CaptureFile? Begin(Partnership partnership, string name, string startLine, HeaderFields headers)
    {
        if (!partnership.Capture || options.CaptureFolder is not { } folder)
            return null;
        try
        {
            Directory.CreateDirectory(folder);
            MakeRoom(folder);
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyyMMdd'T'HHmmssfff}-{Guid.NewGuid().ToString("N")[..8]}-{name}.http"));
            var file = new CaptureFile(path, options.CaptureMessageBytes);
            file.Write($"{startLine}\r\n{string.Concat(headers.Select(field => $"{field.Key}: {(s_secret.Contains(field.Key) ? Mask : field.Value)}\r\n"))}\r\n");
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotCaptured(partnership.ToString(), e.Message);
            return null;
        }
    }

    /// <summary>Keeps a post and its answer.</summary>
    public async ValueTask KeepAsync(Partnership partnership, HttpPost post, PostOutcome outcome, CancellationToken cancellationToken)
    {
        using (var request = Begin(partnership, "out", $"POST {post.Address.PathAndQuery} HTTP/1.1", post.Headers))
        {
            if (request is null)
                return;
            await using var body = await post.OpenBody(cancellationToken).ConfigureAwait(false);
            var block = new byte[16 << 10];
            int read;
            while (!request.IsFull && (read = await body.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
                request.Push(block.AsSpan(0, read));
        }
        if (outcome.StatusCode is not { } status)
            return;
        using var answer = Begin(partnership, "answer", $"HTTP/1.1 {status}", outcome.Headers);
        answer?.Push(outcome.Body.Span);
    }

    private void MakeRoom(string folder)
    {
        lock (s_gate)
        {
            var files = new DirectoryInfo(folder).GetFiles(Pattern).OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
            var total = files.Sum(f => f.Length);
            foreach (var oldest in files.TakeWhile(_ => total + options.CaptureMessageBytes > options.CaptureTotalBytes))
            {
                total -= oldest.Length;
                oldest.Delete();
            }
        }
    }

    [LoggerMessage(1008, LogLevel.Warning, "What goes over the wire with {Partnership} could not be captured: {Reason}")]
    private partial void LogNotCaptured(string partnership, string reason);
}
