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
        await StumbleAsync(context, next);
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

/// <summary>What the partners post to the gateway, and the receipts that answer it on the same connection.</summary>
internal sealed class TapHandler(Ledger ledger, InMemoryStore store) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var id = MessageId.KeyOf(Field(request, "Message-ID"));
        var key = new MessageKey(
            MessageDirection.Outbound, new As2Identifier(Field(request, "AS2-From")), new As2Identifier(Field(request, "AS2-To")), id);
        if (await store.FindAsync(key, cancellationToken) is { Payloads: [{ FileName: { } name }, ..] })
            ledger.Name(id, name);
        var answer = await base.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (answer.IsSuccessStatusCode && body.Length > 0)
            ledger.Receipt(id, Taps.IsPositive(body), body);
        return answer;
    }

    private static string Field(HttpRequestMessage request, string name)
        => request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : "none";
}
