using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>
/// Reads a data folder that another process may hold: a gateway that runs, a backup. Takes no lock and changes nothing. Thread-safe.
/// </summary>
public sealed class SqliteJournal : IMessageJournal, IDisposable
{
    private readonly string _folder;
    private readonly Readers _readers;

    /// <summary>Opens it.</summary>
    /// <param name="folder">The data folder of a <see cref="SqliteStore"/>.</param>
    /// <exception cref="As2Exception">AS2-STORE-003, -004, -010: there is no database, it is not ours, or of another version.</exception>
    public SqliteJournal(string folder)
    {
        _folder = Path.GetFullPath(folder);
        var path = Path.Combine(_folder, "as2.db");
        if (!File.Exists(path))
            throw new As2Exception(StoreFault.NoAccess, $"There is no database '{path}'. Name a data folder in which a store has worked.");
        _readers = new Readers(() => Open(path), path);
        _readers.Read(s => Check(s, path), CancellationToken.None);
    }

    /// <inheritdoc/>
    public ValueTask<StoredMessage?> FindAsync(MessageKey key, CancellationToken cancellationToken) => Read(s => MessageTable.Find(s, key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredMessage?> GetAsync(string id, CancellationToken cancellationToken) => Read(s => MessageTable.Get(s, id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageSummary>> ListAsync(MessageQuery query, CancellationToken cancellationToken)
        => Read(s => SummaryList.Read(s, query), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> GetHistoryAsync(string id, CancellationToken cancellationToken) => Read(s => EventTable.Of(s, id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> ListEventsAsync(long afterSequence, int max, CancellationToken cancellationToken)
        => Read(s => EventTable.After(s, afterSequence, max), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> ListAlertsAsync(long afterSequence, int max, CancellationToken cancellationToken)
        => Read(s => EventTable.Alerts(s, afterSequence, max), cancellationToken);

    /// <summary>Opens stored content from its start. The caller disposes the stream.</summary>
    /// <exception cref="As2Exception">AS2-STORE-008: it is missing or damaged.</exception>
    public ValueTask<Stream> OpenReadAsync(StoredContent content, CancellationToken cancellationToken)
        => FileBlobStore.OpenReadAsync(_folder, content, cancellationToken);

    /// <summary>Closes it.</summary>
    public void Dispose() => _readers.Dispose();

    private static SqlSession Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false,
        }.ConnectionString);
        return new SqlSession(connection);
    }

    private static bool Check(SqlSession session, string path)
    {
        var (owner, version) = (session.One("PRAGMA application_id", row => row.GetInt32(0)), session.One("PRAGMA user_version", row => row.GetInt32(0)));
        if (owner != Schema.ApplicationId)
            throw SqliteFault.Damaged(path, "it belongs to another program.");
        return version == Schema.Version
            ? true
            : throw new As2Exception(StoreFault.NewerSchema, $"The database '{path}' has schema {version}; this program reads {Schema.Version}. Use the program that wrote it, or start this one on it first.");
    }

    private ValueTask<T> Read<T>(Func<SqlSession, T> query, CancellationToken cancellationToken) => ValueTask.FromResult(_readers.Read(query, cancellationToken));
}
