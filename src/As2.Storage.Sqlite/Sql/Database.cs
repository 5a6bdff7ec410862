using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>The database of a data folder: its lock, its writer and its readers. Thread-safe.</summary>
internal sealed class Database : IDisposable
{
    private readonly DataFolder _folder;
    private readonly SqliteWriter _writer;
    private readonly Readers _readers;
    private int _disposed;

    private Database(DataFolder folder, SqlSession writing, HealthWatch health)
    {
        _folder = folder;
        _readers = new Readers(() => Connect(folder.Database, reading: true), folder.Database);
        _writer = new SqliteWriter(writing, folder.Database, health);
    }

    /// <exception cref="As2Exception">AS2-STORE-001 to -005, -010: the folder or the database cannot be used.</exception>
    public static Database Open(SqliteStoreOptions options, StoreClock clock, HealthWatch health)
    {
        var folder = new DataFolder(options.Folder);
        SqlSession? session = null;
        try
        {
            session = Connect(folder.Database, reading: false);
            if (options.CheckAtStart)
                Check(session, folder.Database);
            Schema.Migrate(session, folder.Database);
            JobTable.Recover(session, clock.Steady);
            CrashPoint.Hit("recover");
            return new Database(folder, session, health);
        }
        catch (Exception e)
        {
            session?.Dispose();
            folder.Dispose();
            throw SqliteFault.Translate(e, folder.Database);
        }
    }

    public Task<T> WriteAsync<T>(WriteCommand<T> command) => _writer.WriteAsync(command);

    public T Read<T>(Func<SqlSession, T> query, CancellationToken cancellationToken) => _readers.Read(query, cancellationToken);

    public void Dispose()
    {
        // A service provider disposes once for every contract under which it gave the store out.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _writer.Dispose();
        _readers.Dispose();
        _folder.Dispose();
    }

    private static SqlSession Connect(string path, bool reading)
    {
        // Pooling would keep connections, and with them the files, after the store was closed.
        var text = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ConnectionString;
        var connection = new SqliteConnection(text);
        var session = new SqlSession(connection);
        try
        {
            connection.Open();
            if (reading)
                session.Execute("PRAGMA query_only = ON");
            else
                Prepare(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // FULL: a commit returns when it is on the disk. The journal shrinks back after a burst.
    private static void Prepare(SqlSession session) => session.Execute(
        """
        PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32768
        """);

    private static void Check(SqlSession session, string path)
    {
        var findings = session.All("PRAGMA quick_check(5)", row => row.GetString(0));
        if (findings is not ["ok"])
            throw SqliteFault.Damaged(path, string.Join(" ", findings));
    }
}
