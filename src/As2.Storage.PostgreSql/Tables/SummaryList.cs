using System.Data.Common;

namespace As2.Storage.PostgreSql;

/// <summary>
/// Lists of messages, newest first: a page costs the same wherever it lies. Each search goes along the index of its most telling
/// filter; the others are looked at row by row.
/// </summary>
internal static class SummaryList
{
    public const string Names = "SELECT id, direction, local, partner, key, state, created, changed, file_name, length, disposition, security, diagnosis, account, attempts";
    private const string Columns = Names + " FROM message";

    // Identifiers begin with their time, so that a span of time is a span of identifiers.
    private const string InSpan = "id < $1 AND id >= $2 AND ($3::text IS NULL OR direction = $3)";
    private const string Newest = " ORDER BY id DESC LIMIT $4";

    private const string All = Columns + " WHERE " + InSpan + " AND ($5::text IS NULL OR state = $5)" + Newest;

    // State, partner and our name as they are given: the planner sees the index that each allows.
    private const string OfState = Columns + " WHERE state = $5 AND state NOT IN ('Delivered', 'Acknowledged') AND ($6::text IS NULL OR partner = $6)"
        + " AND ($7::text IS NULL OR local = $7) AND " + InSpan + Newest;
    private const string OfPartner = Columns + " WHERE partner = $6 AND ($5::text IS NULL OR state = $5) AND ($7::text IS NULL OR local = $7) AND " + InSpan + Newest;
    private const string OfLocal = Columns + " WHERE local = $6 AND ($5::text IS NULL OR state = $5) AND " + InSpan + Newest;

    /// <summary>How many messages are listed at most.</summary>
    public static int MaxOf(MessageQuery query) => Math.Clamp(query.Max, 1, 1000);

    /// <summary>The statement, or null where nothing can match. A text is looked for by <see cref="TextSearch"/>.</summary>
    public static Statements? Of(MessageQuery query)
    {
        if (Span.Of(query) is not { } span)
            return null;
        var (direction, max) = (query.Direction?.ToString(), MaxOf(query));
        var (state, partner, local) = (query.State?.ToString(), query.Partner?.Value, query.Local?.Value);
        var list = new Statements();
        if (query.State is not (null or MessageState.Delivered or MessageState.Acknowledged))
            return list.Add(OfState, span.End, span.From, direction, max, state, partner, local);
        if (partner is not null)
            return list.Add(OfPartner, span.End, span.From, direction, max, state, partner, local);
        return local is not null
            ? list.Add(OfLocal, span.End, span.From, direction, max, state, local)
            : list.Add(All, span.End, span.From, direction, max, state);
    }

    public static MessageSummary Read(DbDataReader row) => new()
    {
        Id = row.Id(0),
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

    /// <summary>From an identifier on, and below another one.</summary>
    internal readonly record struct Span(Guid From, Guid End)
    {
        /// <summary>The span that a search looks at; null: there is nothing in it.</summary>
        public static Span? Of(MessageQuery query)
        {
            var before = query.Before is null ? Guid.AllBitsSet : SqlRow.ToId(query.Before);
            if (before is not { } end)
                return null;
            if (query.Until is { } until && SqlRow.LowestId(until) is var last && last.CompareTo(end) < 0)
                end = last;
            return new Span(query.From is { } start ? SqlRow.LowestId(start) : Guid.Empty, end);
        }
    }
}
