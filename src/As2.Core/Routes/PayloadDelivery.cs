using System.Diagnostics;
using As2.Storage;
using As2.Telemetry;
using As2.Transmission;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace As2.Routes;

/// <summary>
/// Carries out delivery jobs: from the store to the route that the job names. The lease is renewed while a delivery lasts, so that a
/// large file over a slow line is not begun again and again. Thread-safe.
/// </summary>
public sealed partial class PayloadDelivery(
    StorageServices storage, IEnumerable<IPayloadDestination> destinations, IOptions<As2Options> options, TimeProvider clock,
    ILogger<PayloadDelivery> logger, IPayloadDestinationLookup? lookup = null, IStoreKeeping? keeping = null)
{
    // By the schedule below.
    private const int AttemptsAnHour = 10, AttemptsADay = 144;

    private static readonly RetrySchedule s_schedule = new()
    {
        Waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)],
        Total = TimeSpan.MaxValue,
    };

    private readonly PayloadRoutes _routes = new(destinations, lookup);

    /// <summary>Carries out one claimed job; a failure makes it due again, never lost.</summary>
    public async ValueTask RunAsync(Job job, CancellationToken cancellationToken)
    {
        var message = await storage.Journal.GetAsync(job.MessageId, cancellationToken).ConfigureAwait(false);
        if (message is null)
            return;
        var started = clock.GetTimestamp();
        using var span = As2Telemetry.Start(SpanNames.Deliver, ActivityKind.Consumer, message.TraceParent, preferParent: true)?
            .SetTag(TagNames.Id, message.Id).SetTag(TagNames.Route, job.Route).SetTag(TagNames.Attempt, job.Attempt);
        await using var lease = new JobLease(storage.Messages, job, options.Value.Lease, clock, cancellationToken);
        var outcome = await DeliverAsync(message, job, lease.Token).ConfigureAwait(false);
        var step = outcome.IsDelivered ? Delivered(message, job, outcome) : NotYet(message, job, outcome);
        if (await storage.Messages.ApplyAsync(job, step, cancellationToken).ConfigureAwait(false))
            Alert.Log(logger, message.Id, step.Events);
        if (!outcome.IsDelivered)
            span?.SetStatus(ActivityStatusCode.Error, outcome.Text);
        var tags = new TagList { { TagNames.Route, _routes.Find(job.Route) is null ? "unknown" : job.Route }, { TagNames.Outcome, outcome.IsDelivered ? "delivered" : "postponed" } };
        Measures.DeliverTime.Record(clock.GetElapsedTime(started).TotalSeconds, tags);
    }

    private async ValueTask<DeliveryOutcome> DeliverAsync(StoredMessage message, Job job, CancellationToken cancellationToken)
    {
        if (_routes.Find(job.Route) is not { } destination)
        {
            LogNoRoute(job.Route, message.Id);
            return DeliveryOutcome.NotYet($"there is no route named '{job.Route}'; register it, delivery goes on by itself");
        }
        try
        {
            return await destination.DeliverAsync(new Delivery(message, job, storage, keeping), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(job.Route, message.Id, job.Attempt, e);
            return DeliveryOutcome.NotYet($"{destination.Name} failed: {e.Message}");
        }
    }

    private static Transition Delivered(StoredMessage message, Job job, DeliveryOutcome outcome) => new()
    {
        From = [message.State],
        To = message.State == MessageState.Accepted ? MessageState.Delivered : message.State,
        WhenLastOfKind = true,
        Mailbox = outcome.Mailbox,
        Events = [(message.Key.Direction == MessageDirection.Inbound ? "delivered" : "reported", outcome.Text), .. outcome.Alerts],
    };

    private static Transition NotYet(StoredMessage message, Job job, DeliveryOutcome outcome) => new()
    {
        From = [message.State],
        To = message.State,
        KeepsState = true,
        Job = JobOutcome.Retry,
        RetryAfter = s_schedule.NextWait(job.Attempt, TimeSpan.Zero)!.Value,
        Events = job.Attempt % AttemptsADay == AttemptsAnHour
            ? [("delivery-failed", outcome.Text), Alert.Line(Alert.NotDelivered, $"after {job.Attempt} attempts; {outcome.Text}")]
            : [("delivery-failed", outcome.Text)],
    };

    [LoggerMessage(3001, LogLevel.Error, "No route named {Route}; message {Id} waits for it")]
    private partial void LogNoRoute(string? route, string id);

    [LoggerMessage(3002, LogLevel.Warning, "Route {Route} did not take message {Id} at attempt {Attempt}; it is tried again")]
    private partial void LogFailed(string? route, string id, int attempt, Exception e);
}
