using System.Globalization;

namespace As2.Storage.Sqlite;

/// <summary>
/// Lists of messages, newest first: a page costs the same wherever it lies. Each search goes along the index of its most telling
/// filter; the others are looked at row by row.
/// </summary>
internal static class SummaryList
{
    // So few rows are looked through faster than the index of the text is asked.
    private const int Few = 5000, FewOfSpan = 100_000;

    private const string Columns =
        """
        SELECT id, direction, local, partner, key, state, created, changed, file_name, length, disposition, security, diagnosis, account, attempts
        FROM message

        """;

    // Identifiers begin with their time, so that a span of time is a span of identifiers. A plus takes a column from the planner.
    private const string Filters =
        """
            AND (@direction IS NULL OR direction = @direction)
            AND (@state IS NULL OR +state = @state) AND (@partner IS NULL OR +partner = @partner) AND (@local IS NULL OR +local = @local)

        """;

    private const string Span = "    AND id < @before AND id >= @from\n", SpanWithoutIndex = "    AND +id < @before AND +id >= @from\n";
    private const string Part = "    AND (@like IS NULL OR key LIKE @like ESCAPE '!' OR file_name LIKE @like ESCAPE '!')\n";
    private const string Newest = "ORDER BY id DESC LIMIT @max";
    private const string All = Columns + "WHERE TRUE\n" + Span + Filters + Part + Newest;
    private const string OfState = Columns + "WHERE state = @state\n" + Span + Filters + Part + Newest;
    private const string OfPartner = Columns + "WHERE partner = @partner\n" + Span + Filters + Part + Newest;
    private const string OfLocal = Columns + "WHERE local = @local\n" + Span + Filters + Part + Newest;
    private const string NotIndexed = Columns + "WHERE number > @upTo\n" + SpanWithoutIndex + Filters + Part + "ORDER BY +id DESC LIMIT @max";

    // Rows come almost in the order of their identifiers: the number bounds what is looked at and orders it, the identifier decides. The
    // bounds are values: found by subqueries in here they would cost the index its way.
    private const int Disorder = 1000;
    private const string Highest = "SELECT number FROM message WHERE id < @before ORDER BY id DESC LIMIT 1";
    private const string Lowest = "SELECT number FROM message WHERE id >= @from ORDER BY id LIMIT 1";
    private const string Indexed =
        """
        SELECT id, direction, local, partner, message.key, state, created, changed, message.file_name, length, disposition, security, diagnosis,
               account, attempts
        FROM message_text CROSS JOIN message ON message.number = message_text.rowid
        WHERE message_text MATCH @phrase AND message_text.rowid <= @highest AND message_text.rowid >= @lowest

        """ + SpanWithoutIndex + Filters + "ORDER BY message_text.rowid DESC LIMIT @max";

    public static IReadOnlyList<MessageSummary> Read(SqlSession session, MessageQuery query)
    {
        // An identifier is hexadecimal: 'g' lies beyond every one.
        var before = Smaller(query.Before ?? "g", query.Until is { } until ? IdAt(until) : "g");
        ReadOnlySpan<(string, SqlValue)> values =
        [
            ("@before", before), ("@from", query.From is { } from ? IdAt(from) : ""), ("@direction", query.Direction?.ToString()),
            ("@state", query.State?.ToString()), ("@partner", query.Partner?.Value), ("@local", query.Local?.Value),
            ("@like", Pattern(query.Text)), ("@max", Math.Clamp(query.Max, 1, 1000)),
        ];
        if (query.State is not (null or MessageState.Delivered or MessageState.Acknowledged))
            return session.All(OfState, Summary, values);
        if (query.Text is { Length: >= TextIndex.Least } text && !IsFew(session, query) && !IsShort(session, query, before))
            return Find(session, text, values);
        if (query.Partner is not null)
            return session.All(OfPartner, Summary, values);
        if (query.Local is not null)
            return session.All(OfLocal, Summary, values);
        return query.State is not null ? session.All(OfState, Summary, values) : session.All(All, Summary, values);
    }

    private static List<MessageSummary> Find(SqlSession session, string text, ReadOnlySpan<(string, SqlValue)> values)
    {
        var upTo = TextIndex.UpTo(session);
        var newest = session.All(NotIndexed, Summary, [.. values, ("@upTo", upTo)]);
        var highest = Math.Min(upTo, session.One(Highest, Count, values[0]) + Disorder);
        var lowest = session.One(Lowest, Count, values[1]) - Disorder;
        var older = session.All(Indexed, Summary, [.. values, ("@phrase", TextIndex.Phrase(text)), ("@highest", highest), ("@lowest", lowest)]);
        // Merged by identifier, as every list is ordered.
        return [.. newest.Concat(older).OrderByDescending(m => m.Id, StringComparer.Ordinal).Take((int)values[^1].Item2.Number)];
    }

    /// <summary>True when this partner, or this name of ours, has so few messages that they are looked through.</summary>
    private static bool IsFew(SqlSession session, MessageQuery query) => Few > (query.Partner is not null
        ? session.One("SELECT COUNT(*) FROM (SELECT 1 FROM message WHERE partner = @partner LIMIT 5000)", Count, ("@partner", query.Partner.Value.Value))
        : query.Local is not null
            ? session.One("SELECT COUNT(*) FROM (SELECT 1 FROM message WHERE local = @local LIMIT 5000)", Count, ("@local", query.Local.Value.Value))
            : Few);

    /// <summary>True when the span of time holds so few messages that they are looked through: the index of the text knows no time.</summary>
    private static bool IsShort(SqlSession session, MessageQuery query, string before) => query.From is { } from && FewOfSpan > session.One(
        "SELECT COUNT(*) FROM (SELECT 1 FROM message WHERE id >= @from AND id < @before LIMIT 100000)", Count, ("@from", IdAt(from)), ("@before", before));

    private static long Count(SqlRow row) => row.GetInt64(0);

    private static string Smaller(string one, string other) => string.CompareOrdinal(one, other) < 0 ? one : other;

    private static string IdAt(DateTimeOffset moment) => Math.Max(0, moment.ToUnixTimeMilliseconds()).ToString("x12", CultureInfo.InvariantCulture);

    private static string? Pattern(string? text) => text is null
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"%{text.Replace("!", "!!").Replace("%", "!%").Replace("_", "!_")}%");

    private static MessageSummary Summary(SqlRow row) => new()
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
