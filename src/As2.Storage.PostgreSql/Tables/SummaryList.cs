using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;

namespace As2.Storage.PostgreSql;

/// <summary>
/// Lists of messages, newest first: a page costs the same wherever it lies. Each search goes along the index of its most telling
/// filter; the others are looked at row by row.
/// </summary>
internal static partial class SummaryList
{
    private const int Piece = 8, MostParts = 12;

    private const string Names = "SELECT id, direction, local, partner, key, state, created, changed, file_name, length, disposition, security, diagnosis, account, attempts";
    private const string Columns = Names + " FROM message";

    // Identifiers begin with their time, so that a span of time is a span of identifiers.
    private const string Span = "id < $1 AND id >= $2 AND ($3::text IS NULL OR direction = $3)";
    private const string Newest = " ORDER BY id DESC LIMIT $4";

    private const string All = Columns + " WHERE " + Span + " AND ($5::text IS NULL OR state = $5)" + Newest;

    // State, partner and our name as they are given: the planner sees the index that each allows.
    private const string OfState = Columns + " WHERE state = $5 AND state NOT IN ('Delivered', 'Acknowledged') AND ($6::text IS NULL OR partner = $6)"
        + " AND ($7::text IS NULL OR local = $7) AND " + Span + Newest;
    private const string OfPartner = Columns + " WHERE partner = $6 AND ($5::text IS NULL OR state = $5) AND ($7::text IS NULL OR local = $7) AND " + Span + Newest;
    private const string OfLocal = Columns + " WHERE local = $6 AND ($5::text IS NULL OR state = $5) AND " + Span + Newest;

    // What many messages have is among the newest. What few have is looked up in the index of every three characters: the planner cannot
    // tell the two apart, and takes seconds where it guesses wrong.
    private const string TextOfNewest =
        "WITH found AS MATERIALIZED (SELECT message, text FROM message_text WHERE message < $1 AND message >= $2 ORDER BY message DESC LIMIT 20000)\n" + Names
        + " FROM (SELECT message AS hit FROM found WHERE text ILIKE $5 ESCAPE '!' ORDER BY message DESC) AS hits" + OfHits;

    private const string TextOfAll =
        "WITH found AS MATERIALIZED (SELECT message FROM message_text WHERE text ILIKE $5 ESCAPE '!' AND message < $1 AND message >= $2)\n" + Names
        + " FROM (SELECT message AS hit FROM found ORDER BY message DESC) AS hits" + OfHits;

    // The rows of a part of the text, of them those with all of it: a long text has threes that every row has, and reading those lists costs more
    // than all else. The empty text keeps the second condition from the index.
    private const string TextOfPart =
        "WITH found AS MATERIALIZED (SELECT message FROM message_text WHERE text ILIKE $9 AND text || '' ILIKE $5 ESCAPE '!' AND message < $1 AND message >= $2)\n" + Names
        + " FROM (SELECT message AS hit FROM found ORDER BY message DESC) AS hits" + OfHits;

    private const string RarestPart =
        """
        WITH sample AS MATERIALIZED (SELECT text FROM message_text ORDER BY message DESC LIMIT 1000)
        SELECT '%' || part || '%' FROM unnest($1) AS part ORDER BY (SELECT count(*) FROM sample WHERE text ILIKE '%' || part || '%'), length(part) DESC LIMIT 1
        """;

    // One hit after the other, until a page is full.
    private const string OfHits =
        " CROSS JOIN LATERAL (SELECT * FROM message WHERE id = hit AND ($3::text IS NULL OR direction = $3) AND ($6::text IS NULL OR state = $6)"
        + " AND ($7::text IS NULL OR partner = $7) AND ($8::text IS NULL OR local = $8) OFFSET 0) AS message ORDER BY hit DESC LIMIT $4";

    /// <summary>How many messages are listed at most.</summary>
    public static int MaxOf(MessageQuery query) => Math.Clamp(query.Max, 1, 1000);

    /// <summary>Which part of a text is the rarest, as far as the newest messages tell; null where the whole text is looked for.</summary>
    public static Statements? PartOf(string text)
    {
        var parts = Run().Matches(text).SelectMany(run => Pieces(run.Value)).Distinct().Take(MostParts).ToArray();
        return parts.Length == 0 || (parts.Length == 1 && parts[0] == text) ? null : new Statements().Add(RarestPart, (object)parts);
    }

    /// <summary>The statement, or null where nothing can match.</summary>
    /// <param name="query">The filters.</param>
    /// <param name="onlyNewest">With a text: looks among the newest messages alone.</param>
    /// <param name="part">What <see cref="PartOf"/> said.</param>
    public static Statements? Of(MessageQuery query, bool onlyNewest = false, string? part = null)
    {
        var before = query.Before is null ? Guid.AllBitsSet : SqlRow.ToId(query.Before);
        if (before is not { } end)
            return null;
        if (query.Until is { } until && SqlRow.LowestId(until) is var last && last.CompareTo(end) < 0)
            end = last;
        var (from, direction, max) = (query.From is { } start ? SqlRow.LowestId(start) : Guid.Empty, query.Direction?.ToString(), MaxOf(query));
        var (state, partner, local) = (query.State?.ToString(), query.Partner?.Value, query.Local?.Value);
        var list = new Statements();
        if (query.Text is { } text)
            return Text(list, onlyNewest, part, [end, from, direction, max, Pattern(text), state, partner, local]);
        if (query.State is not (null or MessageState.Delivered or MessageState.Acknowledged))
            return list.Add(OfState, end, from, direction, max, state, partner, local);
        if (partner is not null)
            return list.Add(OfPartner, end, from, direction, max, state, partner, local);
        return local is not null
            ? list.Add(OfLocal, end, from, direction, max, state, local)
            : list.Add(All, end, from, direction, max, state);
    }

    private static Statements Text(Statements list, bool onlyNewest, string? part, ReadOnlySpan<object?> values)
    {
        if (onlyNewest)
            return list.Add(TextOfNewest, values);
        return part is null ? list.Add(TextOfAll, values) : list.Add(TextOfPart, [.. values, part]);
    }

    // Six threes in a row are rare enough, and each costs.
    private static IEnumerable<string> Pieces(string run)
        => run.Length <= Piece ? [run] : Enumerable.Range(0, (run.Length / (Piece / 2)) - 1).Select(i => run.Substring(i * (Piece / 2), Piece));

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

    [GeneratedRegex("[a-zA-Z0-9]{3,}")]
    private static partial Regex Run();

    private static string Pattern(string text) => string.Create(CultureInfo.InvariantCulture,
        $"%{text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%");
}
