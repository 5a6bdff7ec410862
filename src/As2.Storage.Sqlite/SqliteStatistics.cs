using System.Globalization;
using As2.Agreements;
using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>
/// Counts what a data folder holds, beside the store that works on it: takes no lock, waits for no writer and keeps none waiting, adds no
/// index that a message would pay for. Costs as much as the counted span has messages, so ask for short spans often and long ones seldom.
/// Thread-safe.
/// </summary>
public sealed class SqliteStatistics : IStoreStatistics, IDisposable
{
    // Identifiers carry the time of their making; the store's clock may stand elsewhere.
    private static readonly TimeSpan s_drift = TimeSpan.FromDays(1);

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
        var values = new (string, object?)[]
        {
            ("@from", from.ToUnixTimeMilliseconds()), ("@to", to.ToUnixTimeMilliseconds()), ("@first", IdOf(from - s_drift)), ("@last", IdOf(to + s_drift)),
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

    private const string Columns = "direction, local, partner, state, count(*), sum(length) FROM message ";
    private const string Span = "WHERE id >= @first AND id < @last AND created >= @from AND created < @to GROUP BY 1, 2, 3, 4, 5 ORDER BY 1";
    private const string ByHour = "SELECT created / 3600000 * 3600000, " + Columns + Span;
    private const string ByMonth = "SELECT unixepoch(created / 1000, 'unixepoch', 'start of month') * 1000, " + Columns + Span;

    private static MessageCount Count(SqliteDataReader row) => new(
        row.Moment(0), row.Name<MessageDirection>(1), new As2Identifier(row.GetString(2)), new As2Identifier(row.GetString(3)), row.Name<MessageState>(4),
        row.GetInt64(5), row.GetInt64(6));

    private static string IdOf(DateTimeOffset moment) => Math.Max(moment.ToUnixTimeMilliseconds(), 0).ToString("x12", CultureInfo.InvariantCulture);

    private SqlSession Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 30,
        }.ConnectionString);
        connection.Open();
        return new SqlSession(connection);
    }
}
