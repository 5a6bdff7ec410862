using As2.Agreements;
using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>
/// Counts what a data folder holds, beside the store that works on it: takes no lock, waits for no writer and keeps none waiting. Triggers
/// keep the counts, so that an answer costs as much as it has lines. Thread-safe.
/// </summary>
public sealed class SqliteStatistics : IStoreStatistics, IDisposable
{
    private readonly string _path;
    private readonly Readers _readers;

    /// <summary>Opens it. The folder is read at the first question.</summary>
    /// <param name="folder">The data folder of a <see cref="SqliteStore"/>.</param>
    public SqliteStatistics(string folder)
    {
        _path = Path.Combine(Path.GetFullPath(folder), "as2.db");
        _readers = new Readers(Open, _path);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MessageCount>> CountAsync(DateTimeOffset from, DateTimeOffset to, CountPeriod period, CancellationToken cancellationToken)
    {
        var values = new (string, SqlValue)[]
        {
            ("@from", period.StartOf(from).ToUnixTimeMilliseconds()), ("@to", to.ToUnixTimeMilliseconds()),
        };
        return Task.Run<IReadOnlyList<MessageCount>>(
            () => _readers.Read(session => period == CountPeriod.Hour ? session.All(ByHour, Count, values) : session.All(ByMonth, Count, values), cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<WaitingCount>> WaitingAsync(CancellationToken cancellationToken) => Task.Run<IReadOnlyList<WaitingCount>>(
        () => _readers.Read(session => session.All(
            """
            SELECT state, local, count(*), min(created) FROM message
            WHERE state IN ('Accepted', 'Submitted', 'Packaged', 'Sending', 'AwaitingReceipt', 'RetryWait', 'Suspended') GROUP BY state, local
            """,
            row => new WaitingCount(row.Name<MessageState>(0), new As2Identifier(row.GetString(1)), row.GetInt64(2), row.Moment(3))), cancellationToken),
        cancellationToken);

    /// <summary>The sequence of the newest event; 0 when there is none. Who follows events from now on begins there.</summary>
    /// <exception cref="As2Exception">AS2-STORE-*: the database cannot be read.</exception>
    public Task<long> LastEventAsync(CancellationToken cancellationToken) => Task.Run(
        () => _readers.Read(session => session.All("SELECT coalesce(max(sequence), 0) FROM event", row => row.GetInt64(0))[0], cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _readers.Dispose();

    private const string Columns = "SELECT start, direction, local, partner, state, messages, bytes FROM message_count ";
    private const string ByHour = Columns + "WHERE period = 'hour' AND start >= @from AND start < @to ORDER BY start";
    private const string ByMonth = Columns + "WHERE period = 'month' AND start >= @from AND start < @to ORDER BY start";

    private static MessageCount Count(SqlRow row) => new(
        row.Moment(0), row.Name<MessageDirection>(1), new As2Identifier(row.GetString(2)), new As2Identifier(row.GetString(3)), row.Name<MessageState>(4),
        row.GetInt64(5), row.GetInt64(6));

    private SqlSession Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = false,
        }.ConnectionString);
        return new SqlSession(connection);
    }
}
