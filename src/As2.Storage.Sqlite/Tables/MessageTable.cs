using As2.Agreements;

namespace As2.Storage.Sqlite;

/// <summary>The messages' rows. The number is the row's own; the identifier is the one that others know.</summary>
internal static class MessageTable
{
    private const string Columns =
        """
        SELECT number, id, direction, local, partner, key, message_id, state, created, changed, mics, disposition, receipt_url, security,
               diagnosis, account, attempts, resubmission_of, trace
        FROM message

        """;

    public static StoredMessage? Find(SqlSession session, MessageKey key) => Whole(session, session.One(
        Columns + "WHERE key = @key AND partner = @partner AND local = @local AND direction = @direction AND state <> 'Refused'",
        Read, ("@key", key.MessageId), ("@partner", key.Partner.Value), ("@local", key.Local.Value), ("@direction", key.Direction.ToString())));

    public static StoredMessage? Get(SqlSession session, string id)
        => Whole(session, session.One(Columns + "WHERE id = @id", Read, ("@id", id)));

    public static (long Number, MessageState State)? StateOf(SqlSession session, string id)
        => session.One<(long, MessageState)?>(
            "SELECT number, state FROM message WHERE id = @id", row => (row.GetInt64(0), row.Name<MessageState>(1)), ("@id", id));

    public static bool IsTaken(SqlSession session, MessageKey key) => session.One(
        """
        SELECT 1 FROM message
        WHERE key = @key AND partner = @partner AND local = @local AND direction = @direction AND state <> 'Refused'
        """,
        row => true, ("@key", key.MessageId), ("@partner", key.Partner.Value), ("@local", key.Local.Value), ("@direction", key.Direction.ToString()));

    public static long Insert(SqlSession session, StoredMessage message, long now)
    {
        session.Execute(
            """
            INSERT INTO message (id, direction, local, partner, key, message_id, state, created, changed, mics, disposition, receipt_url,
                                 security, diagnosis, account, attempts, resubmission_of, trace, file_name, length)
            VALUES (@id, @direction, @local, @partner, @key, @messageId, @state, @now, @now, @mics, @disposition, @receiptUrl,
                    @security, @diagnosis, @account, @attempts, @resubmissionOf, @trace, @fileName, @length)
            """,
            ("@id", message.Id), ("@direction", message.Key.Direction.ToString()), ("@local", message.Key.Local.Value),
            ("@partner", message.Key.Partner.Value), ("@key", message.Key.MessageId), ("@messageId", message.MessageId),
            ("@state", message.State.ToString()), ("@now", now), ("@mics", Lines(message.Mics)), ("@disposition", message.Disposition),
            ("@receiptUrl", message.ReceiptUrl?.OriginalString), ("@security", message.Security), ("@diagnosis", message.Diagnosis),
            ("@account", message.Account), ("@attempts", message.Attempts), ("@resubmissionOf", message.ResubmissionOf), ("@trace", message.TraceParent),
            ("@fileName", message.Payloads.Count > 0 ? message.Payloads[0].FileName : null), ("@length", message.Payloads.Sum(p => p.Content.Length)));
        var number = session.LastRow();
        PartTable.InsertAll(session, number, message);
        TextIndex.Added(session, number);
        return number;
    }

    /// <summary>Writes a step that was found legal.</summary>
    public static void Change(SqlSession session, long number, MessageState state, Transition step, long now)
    {
        session.Execute(
            """
            UPDATE message SET
                changed = iif(state = @state, changed, @now), state = @state, attempts = attempts + @attempts,
                mics = coalesce(@mics, mics), disposition = coalesce(@disposition, disposition),
                security = coalesce(@security, security), diagnosis = coalesce(@diagnosis, diagnosis)
            WHERE number = @number
            """,
            ("@state", state.ToString()), ("@now", now), ("@attempts", step.CountAttempt ? 1 : 0), ("@mics", step.Mics is null ? null : Lines(step.Mics)),
            ("@disposition", step.Disposition), ("@security", step.Security), ("@diagnosis", step.Diagnosis), ("@number", number));
        PartTable.Keep(session, number, PartTable.Wire, step.Wire, now);
        PartTable.Keep(session, number, PartTable.Receipt, step.Receipt, now);
    }

    public static MessageKey ReadKey(SqlRow row, int column) => new(
        row.Name<MessageDirection>(column), new As2Identifier(row.GetString(column + 1)), new As2Identifier(row.GetString(column + 2)),
        row.GetString(column + 3));

    private static StoredMessage? Whole(SqlSession session, (long Number, StoredMessage Message) found)
        => found.Message is null ? null : PartTable.Complete(session, found.Number, found.Message);

    private static (long, StoredMessage) Read(SqlRow row) => (row.GetInt64(0), new StoredMessage
    {
        Id = row.GetString(1),
        Key = ReadKey(row, 2),
        MessageId = row.GetString(6),
        State = row.Name<MessageState>(7),
        Created = row.Moment(8),
        Changed = row.Moment(9),
        Mics = row.GetString(10).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        Disposition = row.Text(11),
        ReceiptUrl = row.Text(12) is { } url ? new Uri(url) : null,
        Security = row.GetString(13),
        Diagnosis = row.Text(14),
        Account = row.Text(15),
        Attempts = row.GetInt32(16),
        ResubmissionOf = row.Text(17),
        TraceParent = row.Text(18),
    });

    private static string Lines(IReadOnlyList<string> mics) => string.Join('\n', mics);
}
