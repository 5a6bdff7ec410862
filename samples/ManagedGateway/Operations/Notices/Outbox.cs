using System.Text.Json;
using System.Text.Json.Serialization;
using ManagedGateway.Configuration;
using ManagedGateway.Operations.Alerts;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Notices;

/// <summary>One thing to be told over one channel; the attempts count the one for which it was taken.</summary>
internal sealed record Notice(long Number, string Channel, string Subject, string Body, DateTimeOffset Made, int Attempts);

/// <summary>
/// What is still to be told, durable: put in with what it tells of, taken out when it was told or given up. Nodes that share it tell each once:
/// who takes a notice has it for a while, by the database's clock. Thread-safe.
/// </summary>
internal sealed class Outbox(OperationsDatabase database, LiveSettings live, TimeProvider clock)
{
    public const string MailChannel = "mail";
    public const string WebhookChannel = "webhook:";

    /// <summary>After this long a notice that nobody took is given up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    // Longer than any channel tries; a node that died has its notice told by another one after it.
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(2);

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
        "SELECT DISTINCT channel FROM outbox WHERE due <= now_ms()", row => row.GetString(0)));

    /// <summary>Takes the oldest notice of a channel, when it is due: a channel is told in order.</summary>
    public Notice? Take(string channel) => database.Change(session => session.One(
        """
        UPDATE outbox SET due = now_ms() + @lease, attempts = attempts + 1
        WHERE number = (SELECT min(number) FROM outbox WHERE channel = @channel) AND due <= now_ms()
        RETURNING number, channel, subject, body, made, attempts
        """,
        row => new Notice(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), row.GetInt32(5)),
        ("@channel", channel), ("@lease", (long)s_lease.TotalMilliseconds)));

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
        var wait = s_waits[Math.Min(notice.Attempts, s_waits.Length) - 1];
        database.Change(session => session.Execute(
            "UPDATE outbox SET due = now_ms() + @wait, failure = @failure WHERE number = @number AND attempts = @attempts",
            ("@number", notice.Number), ("@attempts", notice.Attempts), ("@wait", (long)wait.TotalMilliseconds), ("@failure", reason)));
        return false;
    }

    /// <summary>What waits on each channel, and why the oldest does.</summary>
    public IReadOnlyList<(string Channel, long Waiting, string? Failure)> Waiting() => database.Read(session => session.All(
        "SELECT channel, count(*), (SELECT failure FROM outbox o WHERE o.channel = outbox.channel ORDER BY number LIMIT 1) FROM outbox GROUP BY channel",
        row => (row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetString(2))));

    private IEnumerable<WebhookSettings> Hooks(WebhookEvents events, string? organisation) => live.Current.Settings.Webhooks
        .Where(h => (h.Events == events || h.Events == WebhookEvents.All) && (h.Organisation is null || h.Organisation == organisation));

    private static void Add(OperationsSession session, string channel, string subject, string body) => session.Execute(
        "INSERT INTO outbox (channel, subject, body, made, due) VALUES (@channel, @subject, @body, now_ms(), now_ms())",
        ("@channel", channel), ("@subject", subject), ("@body", body));
}
