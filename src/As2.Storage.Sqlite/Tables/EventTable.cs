namespace As2.Storage.Sqlite;

/// <summary>The messages' histories.</summary>
internal static class EventTable
{
    private const string One = "INSERT INTO event (message, at, kind, text) VALUES (@message, @now, @kind, @text)";
    private const string Three = One + ", (@message, @now, @kind2, @text2), (@message, @now, @kind3, @text3)";

    /// <summary>Adds lines to a history. A message mostly comes with three: one statement then, which counts the sequence once.</summary>
    public static void Add(SqlSession session, string message, IReadOnlyList<(string Kind, string Text)> lines, long now)
    {
        var i = 0;
        for (; lines.Count - i >= 3; i += 3)
        {
            session.Execute(
                Three, ("@message", message), ("@now", now), ("@kind", lines[i].Kind), ("@text", lines[i].Text),
                ("@kind2", lines[i + 1].Kind), ("@text2", lines[i + 1].Text), ("@kind3", lines[i + 2].Kind), ("@text3", lines[i + 2].Text));
        }
        for (; i < lines.Count; i++)
            session.Execute(One, ("@message", message), ("@now", now), ("@kind", lines[i].Kind), ("@text", lines[i].Text));
    }

    public static IReadOnlyList<MessageEvent> Of(SqlSession session, string message) => session.All(
        "SELECT sequence, message, at, kind, text FROM event WHERE message = @message ORDER BY sequence", Read, ("@message", message));

    public static IReadOnlyList<MessageEvent> After(SqlSession session, long sequence, int max) => session.All(
        "SELECT sequence, message, at, kind, text FROM event WHERE sequence > @sequence ORDER BY sequence LIMIT @max",
        Read, ("@sequence", sequence), ("@max", max));

    public static IReadOnlyList<MessageEvent> Alerts(SqlSession session, long sequence, int max) => session.All(
        "SELECT sequence, message, at, kind, text FROM event WHERE kind = 'alert' AND sequence > @sequence ORDER BY sequence LIMIT @max",
        Read, ("@sequence", sequence), ("@max", max));

    private static MessageEvent Read(SqlRow row)
        => new(row.GetInt64(0), row.GetString(1), row.Moment(2), row.GetString(3), row.GetString(4));
}
