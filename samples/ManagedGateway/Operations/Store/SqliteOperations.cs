using As2;
using Microsoft.Data.Sqlite;

namespace ManagedGateway.Operations.Store;

/// <summary><c>operations.db</c> of a data folder: one connection, one at a time. Thread-safe.</summary>
internal sealed class SqliteOperations : OperationsDatabase
{
    public const string FileName = "operations.db";

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly OperationsSession _session;

    /// <exception cref="As2Exception">GW-OPERATIONS-001: it cannot be used.</exception>
    public SqliteOperations(string data, TimeProvider clock)
    {
        var path = Path.Combine(data, FileName);
        KeepPrivate(path);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        _session = new OperationsSession(_connection);
        try
        {
            _connection.Open();
            _connection.CreateFunction("now_ms", () => clock.GetUtcNow().ToUnixTimeMilliseconds());
            _session.Execute("PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
            SqliteOperationsSchema.Migrate(_session, path);
        }
        catch (SqliteException e)
        {
            _connection.Dispose();
            throw new As2Exception("GW-OPERATIONS-001", $"'{path}' cannot be used: {e.Message}. Restore it from a backup, or move it away: the gateway then starts with a new first administrator.", e);
        }
    }

    public override T Read<T>(Func<OperationsSession, T> query)
    {
        lock (_gate)
            return query(_session);
    }

    public override T Change<T>(Func<OperationsSession, T> change)
    {
        lock (_gate)
        {
            _session.Execute("BEGIN IMMEDIATE");
            try
            {
                var result = change(_session);
                _session.Execute("COMMIT");
                return result;
            }
            catch
            {
                _session.Execute("ROLLBACK");
                throw;
            }
        }
    }

    /// <summary>Copies the database of one data folder into another as it is at one moment, also while a gateway writes it.</summary>
    public static void Copy(string data, string target)
    {
        var path = Path.Combine(data, FileName);
        if (!File.Exists(path))
            return;
        var copy = Path.Combine(target, FileName);
        KeepPrivate(copy);
        using var from = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ConnectionString);
        from.Open();
        to.Open();
        from.BackupDatabase(to);
    }

    public override void Dispose() => _connection.Dispose();

    // SQLite gives its journal the mode of the database.
    private static void KeepPrivate(string path)
    {
        if (File.Exists(path))
            return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var created = new FileStream(path, options);
    }
}
