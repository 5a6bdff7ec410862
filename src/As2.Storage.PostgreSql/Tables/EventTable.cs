using System.Data.Common;

namespace As2.Storage.PostgreSql;

/// <summary>The messages' histories.</summary>
internal static class EventTable
{
    private const string Insert =
        """
        INSERT INTO event (sequence, message, at, kind, text)
        SELECT base + (pg_current_xact_id()::text::bigint << 10) + $2, $1, now_ms(), $3, $4 FROM event_base
        """;

    // Whoever reads on from a sequence must not meet a lower one later: nothing is added below the oldest transaction that runs.
    private const string Settled = "sequence < (SELECT base + (pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 10) FROM event_base)";

    public static void Add(Statements step, Guid message, IReadOnlyList<(string Kind, string Text)> lines)
    {
        for (var i = 0; i < lines.Count; i++)
            step.Add(Insert, message, (long)i, lines[i].Kind, lines[i].Text);
    }

    /// <summary>Adds a line of another store, under its number there.</summary>
    public static void AddMoved(Statements step, Guid message, MessageEvent line) => step.Add(
        "INSERT INTO event (sequence, message, at, kind, text) VALUES ($1, $2, $3, $4, $5)",
        line.Sequence, message, line.At.ToUnixTimeMilliseconds(), line.Kind, line.Text);

    public static Statements Of(Guid message)
        => new Statements().Add("SELECT sequence, message, at, kind, text FROM event WHERE message = $1 ORDER BY at, sequence", message);

    public static Statements After(long sequence, int max) => new Statements().Add(
        "SELECT sequence, message, at, kind, text FROM event WHERE sequence > $1 AND " + Settled + " ORDER BY sequence LIMIT $2", sequence, max);

    public static Statements Alerts(long sequence, int max) => new Statements().Add(
        "SELECT sequence, message, at, kind, text FROM event WHERE kind = 'alert' AND sequence > $1 AND " + Settled + " ORDER BY sequence LIMIT $2",
        sequence, max);

    /// <summary>The last sequence that is settled.</summary>
    public static Statements Last() => new Statements().Add("SELECT coalesce(max(sequence), 0) FROM event WHERE " + Settled);

    /// <summary>The number of the next transaction.</summary>
    public static Statements Newest() => new Statements().Add("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");

    /// <summary>The number of the oldest that runs; the next one's when none does.</summary>
    public static Statements Oldest() => new Statements().Add("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint");

    public static MessageEvent Read(DbDataReader row) => new(row.GetInt64(0), row.Id(1), row.Moment(2), row.GetString(3), row.GetString(4));
}
