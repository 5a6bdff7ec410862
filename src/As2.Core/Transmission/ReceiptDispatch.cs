using As2.Agreements;
using As2.Storage;
using As2.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace As2.Transmission;

/// <summary>Posts asynchronous receipts from their durable queue: the same bytes and the same Message-ID every time. Thread-safe.</summary>
public sealed partial class ReceiptDispatch(
    PartnerServices partners, StorageServices storage, HttpTransport transport, IOptions<As2Options> options, TimeProvider clock,
    ILogger<ReceiptDispatch> logger)
{
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromMinutes(2);
    private static readonly HashSet<PartnerQuirk> s_none = [];

    private readonly PartnerCircuits _circuits = new(storage.Standings(clock), "receipt", options.Value.FailuresBeforePause);

    /// <summary>Carries out one claimed job of kind <see cref="JobKind.SendReceipt"/>.</summary>
    public async ValueTask RunAsync(Job job, CancellationToken cancellationToken)
    {
        var message = await storage.Journal.GetAsync(job.MessageId, cancellationToken).ConfigureAwait(false);
        if (message is not { Receipt: { } receipt, ReceiptUrl: { } address })
        {
            await storage.Messages.ApplyAsync(job, Nowhere(job.MessageId, message), cancellationToken).ConfigureAwait(false);
            return;
        }
        var partnership = await partners.Directory.FindAsync(message.Key.Local, message.Key.Partner, cancellationToken).ConfigureAwait(false);
        using var turn = partnership is null ? default : await _circuits.EnterAsync(partnership, PartnerCircuits.MostOfWorkers, cancellationToken).ConfigureAwait(false);
        if (turn.Pause is { } pause)
        {
            await storage.Messages.ApplyAsync(job, Postponed(message, pause.Wait), cancellationToken).ConfigureAwait(false);
            return;
        }
        using var span = As2Telemetry.Start(SpanNames.PostReceipt, System.Diagnostics.ActivityKind.Client, message.TraceParent, preferParent: true)?.SetTag(TagNames.Id, message.Id);
        await using var lease = new JobLease(storage.Messages, job, options.Value.Lease, clock, cancellationToken);
        var outcome = await transport.PostAsync(new HttpPost
        {
            Address = address,
            Headers = receipt.Headers,
            TraceParent = partnership?.Connection.SendTraceContext == true ? As2Telemetry.Context : null,
            Length = receipt.Body.Length,
            OpenBody = stop => storage.Blobs.OpenReadAsync(receipt.Body, stop),
            Quirks = partnership?.Quirks ?? s_none,
            Connection = partnership is null
                ? HttpConnection.Default
                : await HttpConnection.OfAsync(partnership, partners.Certificates, clock.GetUtcNow(), lease.Token).ConfigureAwait(false),
            // The address is the partner's choice; the credentials are for the server that we agreed on.
            SendsCredentials = address.Authority == partnership?.Endpoint?.Authority && address.Scheme == partnership.Endpoint.Scheme,
            Timeout = s_answerTimeout,
        }, lease.Token).ConfigureAwait(false);
        CrashPoint.Hit("I7");
        if (partnership is not null)
            await LearnAsync(partnership, outcome, cancellationToken).ConfigureAwait(false);
        span?.SetTag(TagNames.Status, outcome.StatusCode).SetStatus(outcome.IsSuccess ? System.Diagnostics.ActivityStatusCode.Unset : System.Diagnostics.ActivityStatusCode.Error);
        var step = outcome.IsSuccess ? Posted(message) : NotPosted(message, job, outcome);
        LogPosted(message.Id, address.Host, step.Events[0].Text);
        if (await storage.Messages.ApplyAsync(job, step, cancellationToken).ConfigureAwait(false))
            Alert.Log(logger, message.Id, step.Events);
    }

    private async ValueTask LearnAsync(Partnership partnership, PostOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.IsOfTheMoment)
            await _circuits.FailedAsync(partnership, Reason(outcome), cancellationToken).ConfigureAwait(false);
        else
            await _circuits.AnsweredAsync(partnership, cancellationToken).ConfigureAwait(false);
    }

    private static string Reason(PostOutcome outcome) => outcome.Failure ?? $"the partner answered HTTP {outcome.StatusCode}";

    // A job that nobody can carry out ends, instead of coming back with every lease.
    private static Transition Nowhere(string id, StoredMessage? message) => new()
    {
        From = [],
        To = message?.State ?? MessageState.Refused,
        KeepsState = true,
        Events = [("receipt-failed", $"message {id} has no receipt to post, or no address for it")],
    };

    private static Transition Postponed(StoredMessage message, TimeSpan wait) => new()
    {
        From = [message.State],
        To = message.State,
        KeepsState = true,
        Job = JobOutcome.Retry,
        RetryAfter = wait,
    };

    private static Transition Posted(StoredMessage message) => new()
    {
        From = [message.State],
        To = message.State,
        KeepsState = true,
        Events = [("receipt-sent", "the receipt was posted and taken")],
    };

    private Transition NotPosted(StoredMessage message, Job job, PostOutcome outcome)
    {
        var reason = Reason(outcome);
        var wait = options.Value.Retry.NextWait(job.Attempt, clock.GetUtcNow() - message.Created, outcome.RetryAfter);
        return new Transition
        {
            From = [message.State],
            To = message.State,
            KeepsState = true,
            Job = wait is null ? JobOutcome.Done : JobOutcome.Retry,
            RetryAfter = wait ?? TimeSpan.Zero,
            Events = wait is { } pause
                ? [("receipt-failed", $"the receipt was not taken: {reason}; again in {pause.TotalSeconds:0} s")]
                : [("receipt-failed", $"the receipt was not taken, given up: {reason}"), Alert.Line(Alert.ReceiptNotSent, reason)],
        };
    }

    [LoggerMessage(2101, LogLevel.Information, "Receipt of message {Id} to {Host}: {Text}")]
    private partial void LogPosted(string id, string host, string text);
}
