using As2.Storage;
using As2.Telemetry;

namespace As2.Routes;

/// <summary>
/// Step 9 of the receive walk: what the accepting transaction delivers itself, and what is left for jobs. A mailbox is in the store: its
/// files come with the message, whole or not at all, and there is nothing between them that could be repeated.
/// </summary>
internal sealed class DeliveryPlan
{
    private readonly List<(MailboxDestination Route, DeliveryOutcome Outcome)> _atOnce = [];
    private readonly List<NewJob> _later = [];

    private DeliveryPlan()
    {
    }

    /// <summary>What is left for the workers, route by route.</summary>
    public IReadOnlyList<NewJob> Jobs => _later;

    /// <summary>The files that the transaction adds.</summary>
    public IReadOnlyList<MailboxChange> Mailbox => _atOnce.Count == 0 ? [] : [.. _atOnce.SelectMany(d => d.Outcome.Mailbox)];

    /// <summary>What the history says of them.</summary>
    public IReadOnlyList<(string Kind, string Text)> Events => _atOnce.Count == 0 ? [] : _atOnce.ConvertAll(d => ("delivered", d.Outcome.Text));

    /// <summary>Sorts the routes of a message.</summary>
    /// <param name="message">The message; its time is about that which the store will give it.</param>
    /// <param name="names">Its routes.</param>
    /// <param name="routes">The destinations; null: only the workers know them.</param>
    public static DeliveryPlan Of(StoredMessage message, IReadOnlyList<string> names, PayloadRoutes? routes)
    {
        var plan = new DeliveryPlan();
        foreach (var name in names)
        {
            if (MailboxOf(name, routes) is { } mailbox)
                plan._atOnce.Add((mailbox, mailbox.Deliver(message)));
            else
                plan._later.Add(new NewJob(JobKind.Deliver, Route: name));
        }
        return plan;
    }

    /// <summary>Tells of what the commit delivered.</summary>
    public void Measure(TimeSpan time)
    {
        foreach (var (route, _) in _atOnce)
        {
            As2Telemetry.Step(SpanNames.Deliver, System.Diagnostics.ActivityKind.Consumer)?.SetTag(TagNames.Route, route.Name).Dispose();
            Measures.DeliverTime.Record(time.TotalSeconds, new(TagNames.Route, route.Name), new(TagNames.Outcome, "delivered"));
        }
    }

    private static MailboxDestination? MailboxOf(string name, PayloadRoutes? routes)
    {
        try
        {
            return routes?.Find(name) as MailboxDestination;
        }
        catch (As2Exception)
        {
            // A mailbox that cannot be used now is no fault of the message: its job tells of it, and is tried again.
            return null;
        }
    }
}
