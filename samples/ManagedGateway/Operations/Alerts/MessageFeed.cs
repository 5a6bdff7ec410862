using As2.Storage;
using ManagedGateway.Configuration;
using ManagedGateway.Operations.Notices;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Alerts;

/// <summary>
/// Reads the store's events in order and puts into the outbox what is to be told of them. How far it has read is kept in the same
/// transaction, and what another node has told meanwhile is not told: nothing is told twice, and nothing is left out over a crash. Thread-safe.
/// </summary>
internal sealed class MessageFeed(IMessageJournal journal, IStoreStatistics statistics, OperationsDatabase database, Outbox outbox, AlertBook alerts, LiveSettings live, ChecksContext context)
    : IDisposable
{
    private const string States = "states", AlertEvents = "alerts";
    private const int Page = 500;

    // States are told once each; after this time nobody asks any more.
    private static readonly TimeSpan s_told = TimeSpan.FromDays(7);

    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Tells of each state that messages came to since the last time.</summary>
    /// <returns>How many events were read.</returns>
    public async Task<int> ReadStatesAsync(CancellationToken cancellationToken)
    {
        if (!live.Current.Settings.Webhooks.Any(h => h.Events != WebhookEvents.Alerts))
        {
            // Who asks later is told of what comes then.
            if (Known(States) is not null)
                database.Change(session => session.Execute("DELETE FROM feed WHERE name = @name", ("@name", States)));
            return 0;
        }
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var from = await ReachedAsync(States, cancellationToken);
            var events = await journal.ListEventsAsync(from, Page, cancellationToken);
            var messages = new List<StoredMessage>();
            foreach (var id in events.Select(e => e.MessageId).Distinct())
            {
                if (await journal.GetAsync(id, cancellationToken) is { } message)
                    messages.Add(message);
            }
            if (events.Count > 0)
                database.Change(session => Reach(session, States, from, events[^1].Sequence) && Tell(session, messages));
            return events.Count;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes alerts of what the engine wrote as such into the histories of messages.</summary>
    public async Task ReadAlertsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var from = await ReachedAsync(AlertEvents, cancellationToken);
            var events = await journal.ListAlertsAsync(from, Page, cancellationToken);
            var raised = new List<AlertCondition>();
            foreach (var e in events)
            {
                // A suspended partner is one alert, not one for each of its messages.
                if (!e.Text.StartsWith(As2.Storage.Alert.Suspended, StringComparison.Ordinal) && await journal.GetAsync(e.MessageId, cancellationToken) is { } message)
                    raised.Add(Of(e, message));
            }
            if (events.Count == 0)
                return;
            database.Change(session =>
            {
                if (!Reach(session, AlertEvents, from, events[^1].Sequence))
                    return false;
                foreach (var condition in raised)
                    alerts.Raise(session, condition);
                return true;
            });
        }
    }

    public void Dispose() => _gate.Dispose();

    private bool Tell(OperationsSession session, List<StoredMessage> messages)
    {
        var now = context.Now.ToUnixTimeMilliseconds();
        session.Execute("DELETE FROM told WHERE at < @old", ("@old", now - (long)s_told.TotalMilliseconds));
        foreach (var message in messages)
        {
            var isNew = session.Execute(
                "INSERT INTO told VALUES (@id, @state, @now) ON CONFLICT (message) DO UPDATE SET state = excluded.state, at = excluded.at WHERE told.state <> excluded.state",
                ("@id", message.Id), ("@state", message.State.ToString()), ("@now", now)) > 0;
            if (isNew)
                outbox.Tell(session, context.Organisations.Of(message.Key.Local), StateLine.Of(message), message.Id);
        }
        return true;
    }

    private AlertCondition Of(MessageEvent e, StoredMessage message) => new(
        $"message|{e.Sequence}", AlertBook.MessageKind, $"{message.Key.Local} and {message.Key.Partner}: {e.Text.Split(':', 2)[0]}", $"Message {message.Id}, {message.MessageId}: {e.Text}")
    {
        Organisation = context.Organisations.Of(message.Key.Local),
    };

    private async Task<long> ReachedAsync(string name, CancellationToken cancellationToken)
    {
        if (Known(name) is { } reached)
            return reached;
        // What happened before somebody asked is history.
        var last = await statistics.LastEventAsync(cancellationToken);
        database.Change(session => session.Execute("INSERT INTO feed VALUES (@name, @sequence) ON CONFLICT DO NOTHING", ("@name", name), ("@sequence", last)));
        return Known(name) ?? last;
    }

    private long? Known(string name) => database.Read(session => session.One<long?>("SELECT sequence FROM feed WHERE name = @name", row => row.GetInt64(0), ("@name", name)));

    // False: another node was there first.
    private static bool Reach(OperationsSession session, string name, long from, long to) => session.Execute(
        "UPDATE feed SET sequence = @to WHERE name = @name AND sequence = @from", ("@name", name), ("@from", from), ("@to", to)) == 1;
}

/// <summary>A message as webhooks are told of it.</summary>
internal sealed record StateLine(
    string Id, string MessageId, MessageDirection Direction, string Local, string Partner, MessageState State, DateTimeOffset Changed, string? FileName, long Bytes, string? Disposition, string? Diagnosis)
{
    public static StateLine Of(StoredMessage m) => new(
        m.Id, m.MessageId, m.Key.Direction, m.Key.Local.Value, m.Key.Partner.Value, m.State, m.Changed, m.Payloads.Select(p => p.FileName).FirstOrDefault(),
        m.Payloads.Sum(p => p.Content.Length), m.Disposition, m.Diagnosis);
}
