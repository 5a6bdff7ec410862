using System.Text.Json;
using System.Text.Json.Serialization;
using ManagedGateway.Configuration;
using ManagedGateway.Operations.Alerts;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Notices;

/// <summary>One thing to be told over one channel.</summary>
internal sealed record Notice(long Number, string Channel, string Subject, string Body, DateTimeOffset Made, int Attempts);

/// <summary>What is still to be told, durable: put in with what it tells of, taken out when it was told or given up. Thread-safe.</summary>
internal sealed class Outbox(OperationsDatabase database, LiveSettings live, TimeProvider clock)
{
    public const string MailChannel = "mail";
    public const string WebhookChannel = "webhook:";

    /// <summary>After this long a notice that nobody took is given up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    private static readonly TimeSpan[] s_waits = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)];

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Tells of an alert by every channel that wants alerts.</summary>
    public void Tell(OperationsSession session, string what, Alert alert)
    {
        var subject = what == "resolved" ? $"Resolved: {alert.Subject}" : alert.Subject;
        if (live.Current.Settings.Alerts.Mail is { To.Count: > 0 })
            Add(session, MailChannel, subject, alert.Text);
        foreach (var hook in Hooks(WebhookEvents.Alerts, alert.Organisation))
            Add(session, WebhookChannel + hook.Name, subject, JsonSerializer.Serialize(new { Type = $"alert.{what}", Alert = alert }, s_json));
    }

    /// <summary>Tells of a message by every webhook that wants messages.</summary>
    public void Tell(OperationsSession session, string organisation, object message, string id)
    {
        foreach (var hook in Hooks(WebhookEvents.Messages, organisation))
            Add(session, WebhookChannel + hook.Name, id, JsonSerializer.Serialize(new { Type = "message.state", Message = message }, s_json));
    }

    /// <summary>The channels that have something due now.</summary>
    public IReadOnlyList<string> DueChannels() => database.Read(session => session.All(
        "SELECT DISTINCT channel FROM outbox WHERE due <= @now", row => row.GetString(0), ("@now", Now)));

    /// <summary>The oldest notice of a channel, when it is due: a channel is told in order.</summary>
    public Notice? Next(string channel) => database.Read(session => session.One(
        "SELECT number, channel, subject, body, made, attempts FROM (SELECT * FROM outbox WHERE channel = @channel ORDER BY number LIMIT 1) WHERE due <= @now",
        row => new Notice(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), row.GetInt32(5)),
        ("@channel", channel), ("@now", Now)));

    /// <summary>It was told.</summary>
    public void Done(Notice notice) => database.Change(session => session.Execute("DELETE FROM outbox WHERE number = @number", ("@number", notice.Number)));

    /// <summary>It was not told; it is tried again later, at last given up.</summary>
    /// <returns>True: it was given up.</returns>
    public bool Failed(Notice notice, string reason)
    {
        if (clock.GetUtcNow() - notice.Made > Longest)
        {
            Done(notice);
            return true;
        }
        var due = clock.GetUtcNow() + s_waits[Math.Min(notice.Attempts, s_waits.Length - 1)];
        database.Change(session => session.Execute(
            "UPDATE outbox SET attempts = attempts + 1, due = @due, failure = @failure WHERE number = @number",
            ("@number", notice.Number), ("@due", due.ToUnixTimeMilliseconds()), ("@failure", reason)));
        return false;
    }

    /// <summary>What waits on each channel, and why the oldest does.</summary>
    public IReadOnlyList<(string Channel, long Waiting, string? Failure)> Waiting() => database.Read(session => session.All(
        "SELECT channel, count(*), (SELECT failure FROM outbox o WHERE o.channel = outbox.channel ORDER BY number LIMIT 1) FROM outbox GROUP BY channel",
        row => (row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetString(2))));

    private IEnumerable<WebhookSettings> Hooks(WebhookEvents events, string? organisation) => live.Current.Settings.Webhooks
        .Where(h => (h.Events == events || h.Events == WebhookEvents.All) && (h.Organisation is null || h.Organisation == organisation));

    private void Add(OperationsSession session, string channel, string subject, string body) => session.Execute(
        "INSERT INTO outbox (channel, subject, body, made, due) VALUES (@channel, @subject, @body, @now, @now)",
        ("@channel", channel), ("@subject", subject), ("@body", body), ("@now", Now));

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
