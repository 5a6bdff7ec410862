using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>The messages' histories.</summary>
internal static class EventTable
{
    public static void Add(SqlSession session, string message, IReadOnlyList<(string Kind, string Text)> lines, long now)
    {
        foreach (var (kind, text) in lines)
        {
            session.Execute(
                "INSERT INTO event (message, at, kind, text) VALUES (@message, @now, @kind, @text)",
                ("@message", message), ("@now", now), ("@kind", kind), ("@text", text));
        }
    }

    public static IReadOnlyList<MessageEvent> Of(SqlSession session, string message) => session.All(
        "SELECT sequence, message, at, kind, text FROM event WHERE message = @message ORDER BY sequence", Read, ("@message", message));

    public static IReadOnlyList<MessageEvent> After(SqlSession session, long sequence, int max) => session.All(
        "SELECT sequence, message, at, kind, text FROM event WHERE sequence > @sequence ORDER BY sequence LIMIT @max",
        Read, ("@sequence", sequence), ("@max", max));

    public static IReadOnlyList<MessageEvent> Alerts(SqlSession session, long sequence, int max) => session.All(
        "SELECT sequence, message, at, kind, text FROM event WHERE kind = 'alert' AND sequence > @sequence ORDER BY sequence LIMIT @max",
        Read, ("@sequence", sequence), ("@max", max));

    private static MessageEvent Read(SqliteDataReader row)
        => new(row.GetInt64(0), row.GetString(1), row.Moment(2), row.GetString(3), row.GetString(4));
}
