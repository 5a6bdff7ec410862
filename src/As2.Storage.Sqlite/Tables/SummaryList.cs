using System.Globalization;
using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>Lists of messages by key, newest first: a page costs the same wherever it lies.</summary>
internal static class SummaryList
{
    private const string Columns =
        """
        SELECT id, direction, local, partner, key, state, created, changed, file_name, length, disposition, security, diagnosis, account, attempts
        FROM message

        """;

    private const string Rest =
        """
            AND (@direction IS NULL OR direction = @direction) AND (@local IS NULL OR local = @local)
            AND (@text IS NULL OR key LIKE @text ESCAPE '!' OR file_name LIKE @text ESCAPE '!')
        ORDER BY id DESC LIMIT @max
        """;

    private const string All = Columns + "WHERE id < @before AND @state IS NULL AND @partner IS NULL\n" + Rest;
    private const string OfState = Columns + "WHERE state = @state AND id < @before AND (@partner IS NULL OR partner = @partner)\n" + Rest;
    private const string OfPartner = Columns + "WHERE partner = @partner AND id < @before AND @state IS NULL\n" + Rest;

    public static IReadOnlyList<MessageSummary> Read(SqlSession session, MessageQuery query)
    {
        // Beyond every identifier: they are hexadecimal.
        ReadOnlySpan<(string, object?)> values =
        [
            ("@before", query.Before ?? "g"), ("@state", query.State?.ToString()), ("@partner", query.Partner?.Value),
            ("@direction", query.Direction?.ToString()), ("@local", query.Local?.Value), ("@text", Pattern(query.Text)),
            ("@max", Math.Clamp(query.Max, 1, 1000)),
        ];
        if (query.State is not null)
            return session.All(OfState, Summary, values);
        return query.Partner is not null ? session.All(OfPartner, Summary, values) : session.All(All, Summary, values);
    }

    private static string? Pattern(string? text) => text is null
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"%{text.Replace("!", "!!").Replace("%", "!%").Replace("_", "!_")}%");

    private static MessageSummary Summary(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Key = MessageTable.ReadKey(row, 1),
        State = row.Name<MessageState>(5),
        Created = row.Moment(6),
        Changed = row.Moment(7),
        FileName = row.Text(8),
        Length = row.GetInt64(9),
        Disposition = row.Text(10),
        Security = row.GetString(11),
        Diagnosis = row.Text(12),
        Account = row.Text(13),
        Attempts = row.GetInt32(14),
    };
}
