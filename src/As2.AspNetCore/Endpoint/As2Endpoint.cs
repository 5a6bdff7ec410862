using System.Runtime.CompilerServices;
using System.Text;
using As2.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace As2.AspNetCore;

/// <summary>
/// One mapped endpoint: what HTTP itself refuses, then the engine, then the answer. Whoever is turned away hears a status and a
/// reference; our log says the rest.
/// </summary>
internal sealed partial class As2Endpoint(As2Receiver receiver, EndpointGuard guard, IHostApplicationLifetime lifetime, ILogger<As2Receiver> logger)
{
    private const int DrainSeconds = 30;
    private const int BusySeconds = 5;

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (RefusalOf(context) is { } refusal)
        {
            await RefuseAsync(context, refusal.Status, refusal.RetryAfter).ConfigureAwait(false);
            return;
        }
        using var place = guard.Enter();
        if (!place.IsAcquired)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, BusySeconds).ConfigureAwait(false);
            return;
        }
        using var gate = new RequestGate(guard, context);
        try
        {
            if (HttpMethods.IsHead(context.Request.Method))
                await QueryAsync(context).ConfigureAwait(false);
            else
                await ReceiveAsync(context, gate).ConfigureAwait(false);
        }
        catch (IOException e) when (IsBadChunk(e, context))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (gate.Deadline.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            await RefuseAsync(context, StatusCodes.Status408RequestTimeout).ConfigureAwait(false);
        }
    }

    /// <summary>HEAD: how much is held of a transfer that was cut; 0 for whoever asks out of turn.</summary>
    private async Task QueryAsync(HttpContext context)
    {
        var answer = await receiver.QueryAsync(ReadHeaders(context.Request), context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentLength = answer.Held;
        if (!answer.IsBusy)
            return;
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "5";
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveAsync(HttpContext context, RequestGate gate)
    {
        // The agreement bounds the body, in the engine; Kestrel's own limit knows no partners.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = guard.Options.MinBodyBytesPerSecond > 0 ? new MinDataRate(guard.Options.MinBodyBytesPerSecond, guard.Options.MinBodyRateGrace) : null;
        var result = await receiver.ReceiveAsync(new As2Request
        {
            Headers = ReadHeaders(context.Request),
            Body = context.Request.Body,
            ContentLength = context.Request.ContentLength,
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Reference = context.TraceIdentifier,
            Gate = gate,
        }, gate.Deadline).ConfigureAwait(false);
        if (result.Outcome == ReceiveOutcome.TurnedAway && result.Body.IsEmpty)
            result = result with { Body = Reference(context) };
        await AnswerAsync(context.Response, result, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>What is refused before a name is looked at.</summary>
    private (int Status, int? RetryAfter)? RefusalOf(HttpContext context)
    {
        var headers = context.Request.Headers;
        // Kestrel takes the chunks and sets the length aside; whoever stands before it may have counted otherwise (RFC 9112 §6.3).
        if (headers.TransferEncoding.Count > 0 && headers.ContainsKey("X-Content-Length"))
            return (StatusCodes.Status400BadRequest, null);
        if (LengthOf(headers) > guard.Options.MaxHeaderBytes)
            return (StatusCodes.Status431RequestHeaderFieldsTooLarge, null);
        if (headers.ContentEncoding.Count > 0)
            return (StatusCodes.Status415UnsupportedMediaType, null);
        return lifetime.ApplicationStopping.IsCancellationRequested ? (StatusCodes.Status503ServiceUnavailable, DrainSeconds) : null;
    }

    private static int LengthOf(IHeaderDictionary headers)
    {
        var length = 0;
        foreach (var (name, values) in headers)
        {
            length += name.Length;
            foreach (var value in values)
                length += value?.Length ?? 0;
        }
        return length;
    }

    // A chunk size beyond all numbers is the one framing fault that Kestrel does not call a bad request.
    private static bool IsBadChunk(IOException e, HttpContext context)
        => e.InnerException is OverflowException && context.Request.Headers.TransferEncoding.Count > 0 && !context.Response.HasStarted;

    /// <summary>The connection ends with the answer: what follows on it may be what nobody counted.</summary>
    private async Task RefuseAsync(HttpContext context, int status, int? retryAfter = null)
    {
        LogRefusedAtTheDoor(status, context.TraceIdentifier, context.Connection.RemoteIpAddress?.ToString());
        context.Response.StatusCode = status;
        context.Response.Headers.Connection = "close";
        if (retryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await context.Response.Body.WriteAsync(Reference(context), context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>All that a refused caller hears beside the status; our log says more under it.</summary>
    private static ReadOnlyMemory<byte> Reference(HttpContext context) => Encoding.ASCII.GetBytes($"Reference: {context.TraceIdentifier}\r\n");

    private static HeaderFields ReadHeaders(HttpRequest request)
    {
        var fields = new HeaderFields(request.Headers.Count);
        foreach (var (name, values) in request.Headers)
        {
            foreach (var value in values)
                fields.Add(name, value ?? "");
        }
        return fields;
    }

    private static async Task AnswerAsync(HttpResponse response, ReceiveResult result, CancellationToken cancellationToken)
    {
        response.StatusCode = result.StatusCode;
        foreach (var (name, value) in result.Headers)
            response.Headers[string.Equals(name, As2HeaderNames.UserAgent, StringComparison.OrdinalIgnoreCase) ? "Server" : name] = new StringValues(value);
        response.ContentLength = result.Body.Length;
        if (CrashPoint.IsArmed("I6") && !result.Body.IsEmpty)
        {
            await response.Body.WriteAsync(result.Body[..(result.Body.Length / 2)], cancellationToken).ConfigureAwait(false);
            CrashPoint.Hit("I6");
            await response.Body.WriteAsync(result.Body[(result.Body.Length / 2)..], cancellationToken).ConfigureAwait(false);
        }
        else if (!result.Body.IsEmpty)
            await response.Body.WriteAsync(result.Body, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(4301, LogLevel.Warning, "Refused with {Status} before the message was looked at; request {Reference} from {Remote}")]
    private partial void LogRefusedAtTheDoor(int status, string reference, string? remote);
}
