using System.Data.Common;
using As2.Agreements;

namespace As2.Storage.PostgreSql;

/// <summary>The messages' rows.</summary>
internal static class MessageTable
{
    /// <summary>The index that makes a key unique.</summary>
    public const string Key = "message_key";

    // One statement, so that message and parts are of one moment.
    private const string Whole =
        "SELECT id, direction, local, partner, key, message_id, state, created, changed, mics, disposition, receipt_url, security, diagnosis, account, attempts, resubmission_of, trace, "
        + PartTable.Names + " FROM message LEFT JOIN part ON part.message = message.id WHERE ";

    private const int PartColumn = 18;

    public static Statements Find(MessageKey key) => new Statements().Add(
        Whole + "key = $1 AND partner = $2 AND local = $3 AND direction = $4 AND state <> 'Refused' ORDER BY role, ordinal",
        key.MessageId, key.Partner.Value, key.Local.Value, key.Direction.ToString());

    public static Statements Get(Guid id) => new Statements().Add(Whole + "id = $1 ORDER BY role, ordinal", id);

    /// <param name="step">Gets the statements.</param>
    /// <param name="id">The message's identifier.</param>
    /// <param name="message">The message.</param>
    /// <param name="moved">It comes from another store: its times are kept.</param>
    public static void Insert(Statements step, Guid id, StoredMessage message, bool moved = false)
    {
        var fileName = message.Payloads.Count > 0 ? message.Payloads[0].FileName : null;
        step.Add(
            """
            INSERT INTO message (id, direction, local, partner, key, message_id, state, created, changed, mics, disposition, receipt_url, security,
                                 diagnosis, account, attempts, resubmission_of, file_name, length, trace)
            VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($18, now_ms()), coalesce($19, now_ms()), $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $20)
            """,
            id, message.Key.Direction.ToString(), message.Key.Local.Value, message.Key.Partner.Value, message.Key.MessageId, message.MessageId,
            message.State.ToString(), Lines(message.Mics), message.Disposition, message.ReceiptUrl?.OriginalString, message.Security, message.Diagnosis,
            message.Account, message.Attempts, message.ResubmissionOf, fileName, message.Payloads.Sum(p => p.Content.Length),
            moved ? message.Created.ToUnixTimeMilliseconds() : null, moved ? message.Changed.ToUnixTimeMilliseconds() : null, message.TraceParent);
        step.Add("INSERT INTO message_text VALUES ($1, $2)", id, fileName is null ? message.Key.MessageId : $"{message.Key.MessageId}\n{fileName}");
        PartTable.InsertAll(step, id, message);
    }

    /// <summary>Demands that the step is legal, and keeps every other step of the message waiting until this one ends.</summary>
    public static void DemandLegal(Statements step, Guid id, Transition transition)
    {
        if (transition.KeepsState)
            step.Add("SELECT must((SELECT state FROM message WHERE id = $1 FOR UPDATE) IS NOT NULL, $2)", id, PostgresFault.Illegal);
        else
        {
            step.Add(
                "SELECT must((SELECT state FROM message WHERE id = $1 FOR UPDATE) = ANY ($2), $3)",
                id, transition.From.Select(state => state.ToString()).ToArray(), PostgresFault.Illegal);
        }
    }

    /// <summary>Writes what a step brings. With <paramref name="lastOf"/> the state stays while a job of this kind is left.</summary>
    public static void Change(Statements step, Guid id, Transition transition, MessageState? to, JobKind? lastOf)
    {
        step.Add(
            """
            UPDATE message SET
                state = next.state, changed = CASE WHEN message.state = next.state THEN changed ELSE now_ms() END, attempts = attempts + $4,
                mics = coalesce($5, mics), disposition = coalesce($6, disposition), security = coalesce($7, security), diagnosis = coalesce($8, diagnosis)
            FROM (SELECT id, CASE WHEN EXISTS (SELECT 1 FROM job WHERE message = $1 AND kind = $3) THEN state ELSE coalesce($2, state) END AS state
                  FROM message WHERE id = $1) AS next
            WHERE message.id = next.id
            """,
            id, to?.ToString(), lastOf?.ToString(), transition.CountAttempt ? 1 : 0, transition.Mics is null ? null : Lines(transition.Mics),
            transition.Disposition, transition.Security, transition.Diagnosis);
        PartTable.Keep(step, id, PartTable.Wire, transition.Wire);
        PartTable.Keep(step, id, PartTable.Receipt, transition.Receipt);
    }

    public static (StoredMessage Message, PartTable.Part? Part) Read(DbDataReader row) => (new StoredMessage
    {
        Id = row.Id(0),
        Key = ReadKey(row, 1),
        MessageId = row.GetString(5),
        State = row.Name<MessageState>(6),
        Created = row.Moment(7),
        Changed = row.Moment(8),
        Mics = row.GetString(9).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        Disposition = row.Text(10),
        ReceiptUrl = row.Text(11) is { } url ? new Uri(url) : null,
        Security = row.GetString(12),
        Diagnosis = row.Text(13),
        Account = row.Text(14),
        Attempts = row.GetInt32(15),
        ResubmissionOf = row.Text(16),
        TraceParent = row.Text(17),
    }, PartTable.Read(row, PartColumn));

    public static MessageKey ReadKey(DbDataReader row, int column) => new(
        row.Name<MessageDirection>(column), new As2Identifier(row.GetString(column + 1)), new As2Identifier(row.GetString(column + 2)),
        row.GetString(column + 3));

    private static string Lines(IReadOnlyList<string> mics) => string.Join('\n', mics);
}
