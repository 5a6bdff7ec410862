using System.Text;
using As2.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace As2.AspNetCore;

/// <summary>Puts the engine behind a route.</summary>
public static partial class As2EndpointRouteBuilderExtensions
{
    private static readonly string[] s_methods = [HttpMethods.Post, HttpMethods.Head];

    /// <summary>
    /// Takes AS2 messages and asynchronous receipts at <paramref name="pattern"/>, and answers restart queries. Needs
    /// <see cref="As2ServiceCollectionExtensions.AddAs2"/>.
    /// </summary>
    /// <exception cref="As2Exception">AS2-HOST-001: AddAs2 was not called.</exception>
    public static IEndpointConventionBuilder MapAs2Endpoint(this IEndpointRouteBuilder endpoints, string pattern = "/as2")
    {
        // One for all requests: asking each request's own services would make them, and nothing else needs them.
        var receiver = endpoints.ServiceProvider.GetService<As2Receiver>()
            ?? throw new As2Exception("AS2-HOST-001", "MapAs2Endpoint needs the engine: call builder.Services.AddAs2() before building the application.");
        return endpoints.MapMethods(pattern, s_methods, (RequestDelegate)(context => HandleAsync(context, receiver))).WithDisplayName("AS2");
    }

    private static async Task HandleAsync(HttpContext context, As2Receiver receiver)
    {
        try
        {
            await (HttpMethods.IsHead(context.Request.Method) ? QueryAsync(context, receiver) : ReceiveAsync(context, receiver)).ConfigureAwait(false);
        }
        catch (IOException e) when (IsBadChunk(e, context))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest).ConfigureAwait(false);
        }
    }

    // A chunk size beyond all numbers is the one framing fault that Kestrel does not call a bad request.
    private static bool IsBadChunk(IOException e, HttpContext context)
        => e.InnerException is OverflowException && context.Request.Headers.TransferEncoding.Count > 0 && !context.Response.HasStarted;

    /// <summary>HEAD: how much is held of a transfer that was cut; 0 for whoever asks out of turn.</summary>
    private static async Task QueryAsync(HttpContext context, As2Receiver receiver)
    {
        var answer = await receiver.QueryAsync(ReadHeaders(context.Request), context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentLength = answer.Held;
        if (!answer.IsBusy)
            return;
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "5";
    }

    private static async Task ReceiveAsync(HttpContext context, As2Receiver receiver)
    {
        if (RefusalOf(context.Request) is { } status)
        {
            await RefuseAsync(context, status).ConfigureAwait(false);
            return;
        }
        // The agreement bounds the body, in the engine; Kestrel's own limit knows no partners.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var result = await receiver.ReceiveAsync(new As2Request
        {
            Headers = ReadHeaders(context.Request),
            Body = context.Request.Body,
            ContentLength = context.Request.ContentLength,
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Reference = context.TraceIdentifier,
        }, context.RequestAborted).ConfigureAwait(false);
        if (result.Outcome == ReceiveOutcome.TurnedAway && result.Body.IsEmpty)
            result = result with { Body = Reference(context) };
        await AnswerAsync(context.Response, result, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>What is refused by its framing alone, before a name is looked at.</summary>
    private static int? RefusalOf(HttpRequest request)
    {
        // Kestrel takes the chunks and sets the length aside; whoever stands before it may have counted otherwise (RFC 9112 §6.3).
        if (request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length"))
            return StatusCodes.Status400BadRequest;
        return request.Headers.ContentEncoding.Count > 0 ? StatusCodes.Status415UnsupportedMediaType : null;
    }

    /// <summary>The connection ends with the answer: what follows on it may be what nobody counted.</summary>
    private static async Task RefuseAsync(HttpContext context, int status)
    {
        context.RequestServices.GetRequiredService<ILogger<As2Receiver>>().LogRefusedByFraming(status, context.TraceIdentifier, context.Connection.RemoteIpAddress?.ToString());
        context.Response.StatusCode = status;
        context.Response.Headers.Connection = "close";
        await context.Response.Body.WriteAsync(Reference(context), context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>All that a refused caller hears beside the status; our log says more under it.</summary>
    private static ReadOnlyMemory<byte> Reference(HttpContext context) => Encoding.ASCII.GetBytes($"Reference: {context.TraceIdentifier}\r\n");

    [LoggerMessage(4301, LogLevel.Warning, "Refused with {Status} by its framing; request {Reference} from {Remote}")]
    private static partial void LogRefusedByFraming(this ILogger logger, int status, string reference, string? remote);

    private static HeaderFields ReadHeaders(HttpRequest request)
    {
        var fields = new HeaderFields();
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
}
