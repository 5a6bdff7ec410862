using As2.Storage;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Operations.Figures;

/// <summary>Something that a person must look at.</summary>
internal sealed record AlertLine(long Sequence, DateTimeOffset At, string Message, string Kind, string Text);

/// <summary>The alerts that the store keeps as history lines. Thread-safe.</summary>
internal sealed class Alerts(IMessageJournal journal, Organisations organisations)
{
    private const int Page = 500;

    /// <summary>Alerts after a sequence that the caller may see, oldest first, and where to go on; null at the end.</summary>
    public async Task<(IReadOnlyList<AlertLine> Lines, long? Next)> ListAsync(Caller caller, long after, int max, CancellationToken cancellationToken)
    {
        var events = await journal.ListAlertsAsync(after, max, cancellationToken);
        var lines = new List<AlertLine>();
        foreach (var e in events)
        {
            if (await SeesAsync(caller, e, cancellationToken))
                lines.Add(new AlertLine(e.Sequence, e.At, e.MessageId, e.Text.Split(':', 2)[0], e.Text.Split(':', 2)[^1].Trim()));
        }
        return (lines, events.Count == max ? events[^1].Sequence : null);
    }

    /// <summary>The newest alerts, newest first.</summary>
    public async Task<IReadOnlyList<AlertLine>> NewestAsync(Caller caller, int max, CancellationToken cancellationToken)
    {
        var newest = new Queue<AlertLine>();
        for (long? after = 0; after is { } start;)
        {
            (var lines, after) = await ListAsync(caller, start, Page, cancellationToken);
            foreach (var line in lines)
            {
                newest.Enqueue(line);
                if (newest.Count > max)
                    newest.Dequeue();
            }
        }
        return [.. newest.Reverse()];
    }

    private async Task<bool> SeesAsync(Caller caller, MessageEvent e, CancellationToken cancellationToken)
        => caller.Organisation is null
            || (await journal.GetAsync(e.MessageId, cancellationToken) is { } message && organisations.Sees(caller, message.Key.Local));
}
