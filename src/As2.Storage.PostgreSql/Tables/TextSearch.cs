using System.Text.RegularExpressions;

namespace As2.Storage.PostgreSql;

/// <summary>
/// Finds messages by a part of their Message-ID or file name. What many messages have is among the newest; what few have is looked up in the
/// index of every three characters, by the rarest part of the text. The planner cannot tell the two apart, and takes seconds where it guesses
/// wrong, so each way is a statement of its own.
/// </summary>
internal sealed partial class TextSearch(PostgresDatabase database)
{
    // What is looked through without the index.
    private const int Newest = 5_000, Most = 200_000, NewestOfShort = 50_000;

    // So many hits among them tell how far to look for a page.
    private const int Telling = 5;

    private const int Piece = 8, MostPieces = 12;

    private const string Rare = "state NOT IN ('Delivered', 'Acknowledged')";

    private const string Filters = "($3::text IS NULL OR direction = $3) AND ($6::text IS NULL OR state = $6) AND ($7::text IS NULL OR partner = $7) AND ($8::text IS NULL OR local = $8)";

    // One hit after the other, until a page is full.
    private const string OfHits = " CROSS JOIN LATERAL (SELECT * FROM message WHERE id = hit AND " + Filters + " OFFSET 0) AS message ORDER BY hit DESC LIMIT $4";

    private const string OfNewest =
        "WITH found AS MATERIALIZED (SELECT message, text FROM message_text WHERE message < $1 AND message >= $2 ORDER BY message DESC LIMIT $9)\n" + SummaryList.Names
        + " FROM (SELECT message AS hit FROM found WHERE text ILIKE $5 ESCAPE '!' ORDER BY message DESC) AS hits" + OfHits;

    // The same along the index of a filter.
    private const string Among = SummaryList.Names + " FROM (SELECT * FROM message WHERE id < $1 AND id >= $2 AND ";
    private const string Hits =
        " ORDER BY id DESC LIMIT $9) AS message CROSS JOIN LATERAL (SELECT 1 FROM message_text WHERE message_text.message = id AND text ILIKE $5 ESCAPE '!' OFFSET 0) AS hit WHERE "
        + Filters + " ORDER BY id DESC LIMIT $4";
    private const string OfPartner = Among + "partner = $7" + Hits;
    private const string OfLocal = Among + "local = $8" + Hits;
    private const string OfState = Among + "state = $6 AND " + Rare + Hits;

    // Whether that was all there is.
    private const string CountAll = "SELECT count(*) FROM (SELECT 1 FROM message_text WHERE message < $1 AND message >= $2 LIMIT $3) AS few";
    private const string CountPartner = "SELECT count(*) FROM (SELECT 1 FROM message WHERE id < $1 AND id >= $2 AND partner = $4 LIMIT $3) AS few";
    private const string CountLocal = "SELECT count(*) FROM (SELECT 1 FROM message WHERE id < $1 AND id >= $2 AND local = $4 LIMIT $3) AS few";
    private const string CountState = "SELECT count(*) FROM (SELECT 1 FROM message WHERE id < $1 AND id >= $2 AND state = $4 AND " + Rare + " LIMIT $3) AS few";

    // OFFSET 0 keeps the other conditions from the indexes: of the whole text the index of threes knows some that every row has, and the span is all rows;
    // to read those lists costs more than all else.
    private const string OfPiece =
        "WITH found AS MATERIALIZED (SELECT message FROM (SELECT message, text FROM message_text WHERE text ILIKE $9 ESCAPE '!' OFFSET 0) AS near"
        + " WHERE text ILIKE $5 ESCAPE '!' AND message < $1 AND message >= $2)\n"
        + SummaryList.Names + " FROM (SELECT message AS hit FROM found ORDER BY message DESC) AS hits" + OfHits;

    private const string Rarest =
        """
        WITH sample AS MATERIALIZED (SELECT text FROM message_text ORDER BY message DESC LIMIT 1000)
        SELECT piece FROM unnest($1) AS piece ORDER BY (SELECT count(*) FROM sample WHERE text ILIKE piece ESCAPE '!'), length(piece) DESC LIMIT 1
        """;

    public async ValueTask<IReadOnlyList<MessageSummary>> FindAsync(MessageQuery query, string text, CancellationToken cancellationToken)
    {
        if (SummaryList.Span.Of(query) is not { } span)
            return [];
        object?[] values =
            [span.End, span.From, query.Direction?.ToString(), SummaryList.MaxOf(query), $"%{Escape(text)}%", query.State?.ToString(), query.Partner?.Value, query.Local?.Value];
        var pieces = Pieces(text).Select(piece => $"%{Escape(piece)}%").Distinct().Take(MostPieces).ToArray();
        var max = SummaryList.MaxOf(query);
        var found = await ListAsync(OfFewest(query, [.. values, pieces.Length == 0 ? NewestOfShort : Newest]), cancellationToken).ConfigureAwait(false);
        if (found.Count == max || pieces.Length == 0 || await IsAllAsync(query, span, cancellationToken).ConfigureAwait(false))
            return found;
        if (found.Count >= Telling && (long)Newest * max * 3 / 2 / found.Count is <= Most and var enough)
        {
            found = await ListAsync(OfFewest(query, [.. values, (int)enough]), cancellationToken).ConfigureAwait(false);
            if (found.Count == max)
                return found;
        }
        var rarest = pieces.Length == 1
            ? pieces[0]
            : (await database.AllAsync(new Statements().Add(Rarest, (object)pieces), row => row.GetString(0), cancellationToken).ConfigureAwait(false))[0];
        return await ListAsync(new Statements().Add(OfPiece, [.. values, rarest]), cancellationToken).ConfigureAwait(false);
    }

    private static Statements OfFewest(MessageQuery query, ReadOnlySpan<object?> values) => query switch
    {
        { State: not (null or MessageState.Delivered or MessageState.Acknowledged) } => new Statements().Add(OfState, values),
        { Partner: not null } => new Statements().Add(OfPartner, values),
        { Local: not null } => new Statements().Add(OfLocal, values),
        _ => new Statements().Add(OfNewest, values),
    };

    private async ValueTask<bool> IsAllAsync(MessageQuery query, SummaryList.Span span, CancellationToken cancellationToken)
    {
        var count = query switch
        {
            { State: { } state and not (MessageState.Delivered or MessageState.Acknowledged) } => new Statements().Add(CountState, span.End, span.From, Newest, state.ToString()),
            { Partner: { } partner } => new Statements().Add(CountPartner, span.End, span.From, Newest, partner.Value),
            { Local: { } local } => new Statements().Add(CountLocal, span.End, span.From, Newest, local.Value),
            _ => new Statements().Add(CountAll, span.End, span.From, Newest),
        };
        return (await database.AllAsync(count, row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0] < Newest;
    }

    private Task<List<MessageSummary>> ListAsync(Statements list, CancellationToken cancellationToken) => database.AllAsync(list, SummaryList.Read, cancellationToken);

    // Letters and digits in a row with what stands around them, which tells the index that a word begins or ends there: it makes threes of 'abc', and
    // of '_77' with two blanks before it. Six threes are rare enough, and each costs.
    private static IEnumerable<string> Pieces(string text)
    {
        foreach (Match run in Runs().Matches(text))
        {
            var whole = text[Math.Max(0, run.Index - 1)..Math.Min(text.Length, run.Index + run.Length + 1)];
            if (whole.Length is >= 3 and <= Piece + 2)
                yield return whole;
            for (var i = 0; whole.Length > Piece + 2 && i + Piece <= whole.Length; i += Piece / 2)
                yield return whole.Substring(i, Piece);
        }
    }

    [GeneratedRegex("[a-zA-Z0-9]{2,}")]
    private static partial Regex Runs();

    private static string Escape(string text)
        => text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
