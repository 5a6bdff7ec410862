using System.Text;
using System.Text.RegularExpressions;
using As2.Agreements;
using As2.Headers;
using As2.Storage;
using Microsoft.AspNetCore.Http;

namespace As2.Crash;

/// <summary>What reaches the partners' endpoint, as it came: messages of the gateway, and receipts that it posts.</summary>
internal sealed partial class Taps(Ledger ledger)
{
    /// <summary>What happens instead of the ordinary stumbling, or null.</summary>
    public Func<HttpContext, RequestDelegate, Task>? Fault { get; set; }

    public async Task RequestAsync(HttpContext context, RequestDelegate next)
    {
        using var copy = new MemoryStream();
        await context.Request.Body.CopyToAsync(copy, context.RequestAborted);
        var body = copy.ToArray();
        if (OriginalMessageId(body) is { } original)
            ledger.Receipt(original, IsPositive(body), body);
        else
            ledger.OnTheWire(MessageId.KeyOf(context.Request.Headers["Message-ID"].ToString()), body);
        context.Request.Body = new MemoryStream(body);
        await (Fault ?? StumbleAsync)(context, next);
    }

    /// <summary>One answer in twenty is 503, one in twenty is lost after the work was done.</summary>
    private static async Task StumbleAsync(HttpContext context, RequestDelegate next)
    {
        var chance = Random.Shared.Next(20);
        if (chance == 0)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        if (chance != 1)
        {
            await next(context);
            return;
        }
        await LoseAsync(context, next);
    }

    /// <summary>The work is done, and the connection ends before anybody hears of it.</summary>
    public static async Task LoseAsync(HttpContext context, RequestDelegate next)
    {
        var answer = context.Response.Body;
        context.Response.Body = Stream.Null;
        await next(context);
        context.Response.Body = answer;
        context.Abort();
    }

    /// <summary>The message that a receipt answers; null when the octets are no receipt.</summary>
    public static string? OriginalMessageId(ReadOnlySpan<byte> body)
        => Original().Match(Encoding.Latin1.GetString(body)) is { Success: true } match ? MessageId.KeyOf(match.Groups[1].Value) : null;

    /// <summary>Read without the SDK: what a stranger's eye finds in the report.</summary>
    public static bool IsPositive(ReadOnlySpan<byte> body)
        => Disposition().Match(Encoding.Latin1.GetString(body)) is { Success: true } match && match.Groups[1].Value.Trim().EndsWith("processed", StringComparison.Ordinal);

    [GeneratedRegex(@"^Original-Message-ID:[ \t]*(\S+)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Original();

    [GeneratedRegex(@"^Disposition:([^\r\n]+)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Disposition();
}

/// <summary>How the partners post their receipts.</summary>
internal sealed class PostManner
{
    public bool Twice { get; set; }

    /// <summary>They believe that it was posted, and it was not.</summary>
    public bool Lost { get; set; }

    public TimeSpan Delay { get; set; }
}

/// <summary>What the partners post to the gateway, and the receipts that answer it on the same connection.</summary>
internal sealed class TapHandler(Ledger ledger, InMemoryStore store, PostManner manner, Listening gateway)
    : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await gateway.WaitAsync(cancellationToken);
        var id = MessageId.KeyOf(Field(request, "Message-ID"));
        var key = new MessageKey(
            MessageDirection.Outbound, new As2Identifier(Field(request, "AS2-From")), new As2Identifier(Field(request, "AS2-To")), id);
        if (await store.FindAsync(key, cancellationToken) is { Payloads: [{ FileName: { } name }, ..] })
            ledger.Name(id, name);
        if (!request.Headers.NonValidated.Contains("Disposition-Notification-To"))
        {
            await Task.Delay(manner.Delay, cancellationToken);
            if (manner.Lost)
                return new HttpResponseMessage(System.Net.HttpStatusCode.OK);
            if (manner.Twice)
            {
                await request.Content!.LoadIntoBufferAsync(cancellationToken);
                using var first = await base.SendAsync(request, cancellationToken);
            }
        }
        var answer = await base.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (answer.IsSuccessStatusCode && body.Length > 0)
            ledger.Receipt(id, Taps.IsPositive(body), body);
        return answer;
    }

    private static string Field(HttpRequestMessage request, string name)
        => request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : "none";
}
