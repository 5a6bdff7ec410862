using System.Data.Common;
using As2.Agreements;

namespace As2.Storage.PostgreSql;

/// <summary>Counts what the database of a <see cref="PostgresStore"/> holds. Thread-safe.</summary>
public sealed class PostgresStatistics : IStoreStatistics
{
    private const string Counting =
        """
        SELECT date_trunc($3, to_timestamp(created / 1000) AT TIME ZONE 'UTC') AS period, direction, local, partner, state, count(*), sum(length)::bigint
        FROM message WHERE id >= $4 AND id < $5 AND created >= $1 AND created < $2 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1
        """;

    private const string Waiting =
        """
        SELECT state, local, count(*), min(created) FROM message
        WHERE state IN ('Accepted', 'Submitted', 'Packaged', 'Sending', 'AwaitingReceipt', 'RetryWait', 'Suspended')
            AND state NOT IN ('Delivered', 'Acknowledged')
        GROUP BY state, local
        """;

    // Identifiers carry the time of their making by the node's clock; the database's may stand elsewhere.
    private static readonly TimeSpan s_drift = TimeSpan.FromDays(1);

    private readonly Lazy<PostgresStore> _store;

    /// <param name="store">The store, asked for at the first question.</param>
    public PostgresStatistics(Func<PostgresStore> store) => _store = new Lazy<PostgresStore>(store);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MessageCount>> CountAsync(DateTimeOffset from, DateTimeOffset to, CountPeriod period, CancellationToken cancellationToken)
    {
        (from, to) = (period.StartOf(from), period.EndOf(to));
        var count = new Statements().Add(
            Counting, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), period == CountPeriod.Hour ? "hour" : "month",
            SqlRow.LowestId(from - s_drift), SqlRow.LowestId(to + s_drift));
        return await _store.Value.Database.AllAsync(count, Read, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WaitingCount>> WaitingAsync(CancellationToken cancellationToken) => await _store.Value.Database.AllAsync(
        new Statements().Add(Waiting),
        row => new WaitingCount(row.Name<MessageState>(0), new As2Identifier(row.GetString(1)), row.GetInt64(2), row.Moment(3)), cancellationToken).ConfigureAwait(false);

    /// <summary>The newest event below which nothing is added any more; 0 when there is none.</summary>
    public async Task<long> LastEventAsync(CancellationToken cancellationToken)
        => (await _store.Value.Database.AllAsync(EventTable.Last(), row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0];

    private static MessageCount Read(DbDataReader row) => new(
        new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(0), DateTimeKind.Utc)), row.Name<MessageDirection>(1), new As2Identifier(row.GetString(2)),
        new As2Identifier(row.GetString(3)), row.Name<MessageState>(4), row.GetInt64(5), row.GetInt64(6));
}
