namespace As2.Storage.Sqlite;

/// <summary>Forgets what is old, in the order of creation so that a round looks only at what is old enough.</summary>
internal static class Purge
{
    private const string Finished =
        """
            AND created <= @before AND changed <= @before
            AND state IN ('Delivered', 'Refused', 'Acknowledged', 'Rejected', 'MicMismatch', 'Expired', 'Cancelled')
            AND NOT EXISTS (SELECT 1 FROM job WHERE job.message = message.number)
        ORDER BY created LIMIT @max
        """;

    private const string OldRecords = "SELECT number, id FROM message WHERE purged IN (0, 1)\n" + Finished;
    private const string OldContents = "SELECT number, id FROM message WHERE purged = 0\n" + Finished;

    public static int Run(SqlSession session, RetentionPolicy policy, int max, long now)
    {
        var records = Find(session, policy.Records, max, now, records: true);
        records.ForEach(message => ForgetRecord(session, message.Number, message.Id, now));
        var contents = Find(session, policy.Contents, max - records.Count, now, records: false);
        contents.ForEach(message => ForgetContents(session, message.Number, now));
        return records.Count + contents.Count;
    }

    private static List<(long Number, string Id)> Find(SqlSession session, TimeSpan age, int max, long now, bool records)
    {
        ReadOnlySpan<(string, SqlValue)> values = [("@before", now - (long)age.TotalMilliseconds), ("@max", max)];
        return records
            ? session.All(OldRecords, row => (row.GetInt64(0), row.GetString(1)), values)
            : session.All(OldContents, row => (row.GetInt64(0), row.GetString(1)), values);
    }

    // A mailbox may still hold the same octets; so the part gets a row of its own, which keeps length and digest.
    private static void ForgetContents(SqlSession session, long message, long now)
    {
        var parts = session.All(
            "SELECT role, ordinal, content FROM part WHERE message = @message AND role <> 'receipt'",
            row => (Role: row.GetString(0), Ordinal: row.GetInt32(1), Content: row.GetInt64(2)), ("@message", message));
        foreach (var part in parts)
        {
            session.Execute(
                "INSERT INTO content (length, sha256) SELECT length, sha256 FROM content WHERE number = @content", ("@content", part.Content));
            session.Execute(
                "UPDATE part SET content = @purged WHERE message = @message AND role = @role AND ordinal = @ordinal",
                ("@purged", session.LastRow()), ("@message", message), ("@role", part.Role), ("@ordinal", part.Ordinal));
            ContentTable.Release(session, part.Content, now);
        }
        session.Execute("UPDATE message SET purged = 1 WHERE number = @message", ("@message", message));
    }

    private static void ForgetRecord(SqlSession session, long message, string id, long now)
    {
        var contents = session.All("DELETE FROM part WHERE message = @message RETURNING content", row => row.GetInt64(0), ("@message", message));
        contents.ForEach(content => ContentTable.Release(session, content, now));
        session.Execute("DELETE FROM event WHERE message = @id", ("@id", id));
        TextIndex.Remove(session, message);
        session.Execute("DELETE FROM message WHERE number = @message", ("@message", message));
    }
}
