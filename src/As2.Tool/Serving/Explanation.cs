using System.Text;
using As2.Payloads;
using As2.Tool.Cli;
using As2.Tool.Commands;
using As2.Tool.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace As2.Tool.Serving;

/// <summary>
/// Explains every request before the engine answers it: the request is kept in a file as a capture, inspected from there, and given to
/// the engine from there.
/// </summary>
internal sealed class Explanation(Inspector inspector, DirectoryInfo? folder, Action answered)
{
    private readonly Lock _printing = new();

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var file = Path.Combine(Path.GetTempPath(), $"as2-serve-{Guid.NewGuid():N}.http");
        try
        {
            var start = await CaptureAsync(context.Request, file, context.RequestAborted);
            await using var body = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 64 << 10, useAsync: true);
            body.Position = start;
            context.Request.Body = body;
            context.Response.OnCompleted(() =>
            {
                answered();
                return Task.CompletedTask;
            });
            await next(context);
            Print(file, context);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<long> CaptureAsync(HttpRequest request, string file, CancellationToken cancellationToken)
    {
        await using var capture = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 << 10, useAsync: true);
        var head = new StringBuilder($"{request.Method} {request.Path} HTTP/1.1\r\n");
        foreach (var (name, values) in request.Headers.Where(h => !h.Key.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)))
        {
            foreach (var value in values)
                head.Append(name).Append(": ").Append(value).Append("\r\n");
        }
        await capture.WriteAsync(Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), cancellationToken);
        var start = capture.Position;
        await request.Body.CopyToAsync(capture, cancellationToken);
        return start;
    }

    private void Print(string file, HttpContext context)
    {
        lock (_printing)
        {
            var written = new List<string>();
            using var payloads = new PayloadDigests(folder is null ? null : (header, number) => UnpackCommand.CreateFile(folder, header, number, written));
            var report = inspector.Inspect(file, payloads, new Progress(TimeProvider.System), CancellationToken.None);
            if (!report.IsFine)
                written.ForEach(File.Delete);
            new ReportText(Console.Out).Write(report with
            {
                File = $"{context.Request.Method} {context.Request.Path} → {context.Response.StatusCode}",
                Payloads = report.IsFine ? report.Payloads : [.. report.Payloads.Select(p => p with { WrittenTo = null })],
            });
            Console.Out.WriteLine();
            Console.Out.Flush();
        }
    }
}
