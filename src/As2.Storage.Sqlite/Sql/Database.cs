using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>The database of a data folder: its lock, its writer and its readers. Thread-safe.</summary>
internal sealed class Database : IDisposable
{
    private readonly DataFolder _folder;
    private readonly SqliteWriter _writer;
    private readonly Readers _readers;
    private readonly StartCheck? _check;
    private int _disposed;

    private Database(DataFolder folder, SqlSession writing, StartCheck? check, HealthWatch health)
    {
        (_folder, _check) = (folder, check);
        _readers = new Readers(() => Connect(folder.Database, reading: true), folder.Database);
        _writer = new SqliteWriter(writing, folder.Database, health);
    }

    /// <exception cref="As2Exception">AS2-STORE-001 to -005, -010: the folder or the database cannot be used.</exception>
    public static Database Open(SqliteStoreOptions options, StoreClock clock, HealthWatch health)
    {
        var folder = new DataFolder(options.Folder, options.UnsafelyAllowNetworkFileSystem);
        SqlSession? session = null;
        StartCheck? check = null;
        try
        {
            session = Connect(folder.Database, reading: false);
            check = options.CheckAtStart ? Check(folder.Database, options.CheckTime, health) : null;
            Schema.Migrate(session, folder.Database);
            // What a statement may have to take back is kept beside it: in memory, for our statements are small, and not in a file for each commit.
            session.Run("PRAGMA temp_store = MEMORY");
            JobTable.Recover(session, clock.Steady);
            CrashPoint.Hit("recover");
            return new Database(folder, session, check, health);
        }
        catch (Exception e)
        {
            check?.Dispose();
            session?.Dispose();
            folder.Dispose();
            throw SqliteFault.Translate(e, folder.Database);
        }
    }

    public Task<T> WriteAsync<T>(WriteCommand<T> command) => _writer.WriteAsync(command);

    public T Read<T>(Func<SqlSession, T> query, CancellationToken cancellationToken) => _readers.Read(query, cancellationToken);

    public T Ask<T>(Func<SqlSession, T> query, CancellationToken cancellationToken) => _readers.Ask(query, cancellationToken);

    public void Dispose()
    {
        // A service provider disposes once for every contract under which it gave the store out.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _check?.Dispose();
        _writer.Dispose();
        _readers.Dispose();
        _folder.Dispose();
    }

    /// <summary>Reads a database that another process may own and write.</summary>
    public static T ReadFolder<T>(string folder, Func<SqlSession, T> query, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "as2.db");
        if (!File.Exists(path))
            throw new As2Exception(StoreFault.NoAccess, $"There is no '{path}'. Name the data folder of a gateway.");
        using var readers = new Readers(() => Connect(path, reading: true), path);
        return readers.Read(query, cancellationToken);
    }

    private static SqlSession Connect(string path, bool reading)
    {
        // Pooling would keep connections, and with them the files, after the store was closed.
        var text = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString;
        var session = new SqlSession(new SqliteConnection(text));
        try
        {
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
    private static void Prepare(SqlSession session) => session.Run(
        """
        PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32768
        """);

    private static StartCheck Check(string path, TimeSpan moment, HealthWatch health)
    {
        var check = new StartCheck(Connect(path, reading: true), findings => health.Damaged(SqliteFault.Damaged(path, findings)));
        if (check.Wait(moment) is not { } found)
            return check;
        check.Dispose();
        throw SqliteFault.Damaged(path, found);
    }
}
