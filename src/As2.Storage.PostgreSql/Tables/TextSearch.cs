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

    // What a filter leaves is known by its identifiers alone up to here, in a few MiB of the server's.
    private const int Few = 100_000;

    private const int Piece = 8, MostPieces = 12;

    private const string Rare = "state NOT IN ('Delivered', 'Acknowledged')";

    private const string ByPartner = "partner = $7", ByLocal = "local = $8", ByState = "state = $6 AND " + Rare;

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

    // How many there are to look at.
    private const string CountAll = "SELECT count(*) FROM (SELECT 1 FROM message_text WHERE message < $1 AND message >= $2 LIMIT $3) AS few";
    private const string Count = "SELECT count(*) FROM (SELECT 1 FROM message WHERE id < $1 AND id >= $2 AND ";
    private const string AtMost = " LIMIT $3) AS few";

    // OFFSET 0 keeps the other conditions from the indexes: of the whole text the index of threes knows some that every row has, and the span is all rows;
    // to read those lists costs more than all else.
    private const string OfPiece =
        "WITH found AS MATERIALIZED (SELECT message FROM (SELECT message, text FROM message_text WHERE text ILIKE $9 ESCAPE '!' OFFSET 0) AS near"
        + " WHERE ($5 = $9 OR text ILIKE $5 ESCAPE '!') AND message < $1 AND message >= $2";
    private const string OfAllHits = ")\n" + SummaryList.Names + " FROM (SELECT message AS hit FROM found ORDER BY message DESC) AS hits" + OfHits;

    // IS TRUE: the identifiers are read once into a table of hashes, however many hits the planner expects.
    private const string OfPieceAmong = OfPiece + " AND (message IN (SELECT id FROM message WHERE id < $1 AND id >= $2 AND ";
    private const string AmongHits = ")) IS TRUE" + OfAllHits;

    private const string Rarest =
        """
        WITH sample AS MATERIALIZED (SELECT text FROM message_text ORDER BY message DESC LIMIT 1000)
        SELECT piece FROM unnest($1) AS piece ORDER BY (SELECT count(*) FROM sample WHERE text ILIKE piece ESCAPE '!'), length(piece) DESC LIMIT 1
        """;

    // The filter that has an index and leaves least.
    private enum Way
    {
        All, Partner, Local, State,
    }

    public async ValueTask<IReadOnlyList<MessageSummary>> FindAsync(MessageQuery query, string text, CancellationToken cancellationToken)
    {
        if (SummaryList.Span.Of(query) is not { } span)
            return [];
        object?[] values =
            [span.End, span.From, query.Direction?.ToString(), SummaryList.MaxOf(query), $"%{Escape(text)}%", query.State?.ToString(), query.Partner?.Value, query.Local?.Value];
        var pieces = Pieces(text).Select(piece => $"%{Escape(piece)}%").Distinct().Take(MostPieces).ToArray();
        var (way, max) = (WayOf(query), SummaryList.MaxOf(query));
        var found = await ListAsync(Look(way, [.. values, pieces.Length == 0 ? NewestOfShort : Newest]), cancellationToken).ConfigureAwait(false);
        if (found.Count == max || pieces.Length == 0)
            return found;
        var all = await CountAsync(way, query, span, cancellationToken).ConfigureAwait(false);
        if (all <= Newest)
            return found;
        if (found.Count >= Telling && (long)Newest * max * 3 / 2 / found.Count is <= Most and var enough)
        {
            found = await ListAsync(Look(way, [.. values, (int)enough]), cancellationToken).ConfigureAwait(false);
            if (found.Count == max)
                return found;
        }
        var rarest = pieces.Length == 1
            ? pieces[0]
            : (await database.AllAsync(new Statements().Add(Rarest, (object)pieces), row => row.GetString(0), cancellationToken).ConfigureAwait(false))[0];
        return await ListAsync(LookUp(all < Few ? way : Way.All, [.. values, rarest]), cancellationToken).ConfigureAwait(false);
    }

    private static Way WayOf(MessageQuery query) => query switch
    {
        { State: not (null or MessageState.Delivered or MessageState.Acknowledged) } => Way.State,
        { Partner: not null } => Way.Partner,
        { Local: not null } => Way.Local,
        _ => Way.All,
    };

    private static Statements Look(Way way, ReadOnlySpan<object?> values) => way switch
    {
        Way.State => new Statements().Add(Among + ByState + Hits, values),
        Way.Partner => new Statements().Add(Among + ByPartner + Hits, values),
        Way.Local => new Statements().Add(Among + ByLocal + Hits, values),
        _ => new Statements().Add(OfNewest, values),
    };

    private static Statements LookUp(Way way, ReadOnlySpan<object?> values) => way switch
    {
        Way.State => new Statements().Add(OfPieceAmong + ByState + AmongHits, values),
        Way.Partner => new Statements().Add(OfPieceAmong + ByPartner + AmongHits, values),
        Way.Local => new Statements().Add(OfPieceAmong + ByLocal + AmongHits, values),
        _ => new Statements().Add(OfPiece + OfAllHits, values),
    };

    private async ValueTask<long> CountAsync(Way way, MessageQuery query, SummaryList.Span span, CancellationToken cancellationToken)
    {
        var count = way switch
        {
            Way.State => new Statements().Add(Count + "state = $4 AND " + Rare + AtMost, span.End, span.From, Few, query.State!.Value.ToString()),
            Way.Partner => new Statements().Add(Count + "partner = $4" + AtMost, span.End, span.From, Few, query.Partner!.Value.Value),
            Way.Local => new Statements().Add(Count + "local = $4" + AtMost, span.End, span.From, Few, query.Local!.Value.Value),
            _ => new Statements().Add(CountAll, span.End, span.From, Newest + 1),
        };
        return (await database.AllAsync(count, row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0];
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
