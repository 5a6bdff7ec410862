using System.Diagnostics;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Restart;
using As2.Storage;
using As2.Telemetry;
using Microsoft.Extensions.Logging;

namespace As2.Transmission;

/// <summary>Step 4 of the send walk: the stored octets of a message on their way to its partner.</summary>
internal sealed class MessagePost(IBlobStore blobs, ICertificateSource certificates, HttpTransport transport, As2Options options, TimeProvider clock, ILogger logger)
{
    private readonly WireCapture _capture = new(options, clock, logger);
    private readonly ResumingPost _resuming = new(transport, clock, logger);

    /// <summary>One attempt; one redirect that keeps method and body is followed by agreement, within the host (RFC 9110 §15.4.8).</summary>
    public ValueTask<PostOutcome> PostAsync(StoredMessage message, Partnership partnership, CancellationToken cancellationToken)
        => partnership.Quirks.Contains(PartnerQuirk.FollowRedirect)
            ? FollowAsync(message, partnership, cancellationToken)
            : PostAsync(partnership.Endpoint!, message, partnership, cancellationToken);

    private async ValueTask<PostOutcome> FollowAsync(StoredMessage message, Partnership partnership, CancellationToken cancellationToken)
    {
        var outcome = await PostAsync(partnership.Endpoint!, message, partnership, cancellationToken).ConfigureAwait(false);
        return outcome.RedirectFrom(partnership.Endpoint!) is { } address
            ? await PostAsync(address, message, partnership, cancellationToken).ConfigureAwait(false)
            : outcome;
    }

    private async ValueTask<PostOutcome> PostAsync(Uri address, StoredMessage message, Partnership partnership, CancellationToken cancellationToken)
    {
        var wire = ForAttempt(message, partnership);
        Measures.Measure(message.Key, wire.Body.Length);
        using var span = As2Telemetry.Step(SpanNames.Post, ActivityKind.Client)?.SetTag(TagNames.Bytes, wire.Body.Length);
        var post = new HttpPost
        {
            Address = address,
            Headers = wire.Headers,
            TraceParent = partnership.Connection.SendTraceContext ? As2Telemetry.Context : null,
            Length = wire.Body.Length,
            OpenBody = async stop => CrashPoint.Midway(await blobs.OpenReadAsync(wire.Body, stop).ConfigureAwait(false), "O6"),
            Quirks = partnership.Quirks,
            Connection = await HttpConnection.OfAsync(partnership, certificates, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false),
            Timeout = partnership.AnswerTimeout ?? options.AnswerTimeout,
        };
        var outcome = partnership.RestartFrom is { } least && post.Length >= Math.Max(1, least)
            ? await _resuming.PostAsync(post, TransferTag.Of(message.Id, options.MessageIdHost), isFirst: message.Attempts == 0, cancellationToken).ConfigureAwait(false)
            : await transport.PostAsync(post, cancellationToken).ConfigureAwait(false);
        await _capture.KeepAsync(partnership, post, outcome, cancellationToken).ConfigureAwait(false);
        span?.SetTag(TagNames.Status, outcome.StatusCode);
        if (!outcome.IsSuccess)
            span?.SetStatus(ActivityStatusCode.Error, outcome.Failure);
        return outcome;
    }

    /// <summary>The wire message, byte for byte; under another Message-ID only for partners that refuse one they have seen.</summary>
    private static WireMessage ForAttempt(StoredMessage message, Partnership partnership)
    {
        if (message.Attempts == 0 || !partnership.Quirks.Contains(PartnerQuirk.NewMessageIdOnResend))
            return message.Wire!;
        var headers = new HeaderFields();
        foreach (var (name, value) in message.Wire!.Headers)
            headers.Add(name, name == As2HeaderNames.MessageId ? MessageId.ForAttempt(value, message.Attempts + 1) : value);
        return message.Wire with { Headers = headers };
    }
}
