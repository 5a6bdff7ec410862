using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace As2.Storage.Sqlite;

/// <summary>
/// One connection with its prepared statements, which skip ADO.NET: it looks up every parameter by name, boxes and copies its value, 24 KB
/// and 25 µs a message. Every text is a constant of this package; values are parameters. One thread at a time.
/// </summary>
internal sealed class SqlSession : IDisposable
{
    // How long another program may lock the database before a statement fails.
    private const int BusyMilliseconds = 30_000;

    private readonly Dictionary<string, SqlStatement> _prepared = new(StringComparer.Ordinal);
    private readonly SqliteConnection _connection;

    /// <summary>Opens the connection, which is closed with the session.</summary>
    public SqlSession(SqliteConnection connection)
    {
        _connection = connection;
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, BusyMilliseconds);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs several statements without values, each once, such as the changes of a schema.</summary>
    public void Run([ConstantExpected] string script) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(_connection.Handle, script), _connection.Handle);

    /// <summary>Changes rows and returns how many.</summary>
    public int Execute([ConstantExpected] string sql, params ReadOnlySpan<(string Name, SqlValue Value)> values)
    {
        var statement = Prepare(sql);
        try
        {
            statement.Bind(values);
            while (statement.Step())
            {
                // A change may tell what it changed; nobody asked.
            }
            return raw.sqlite3_changes(_connection.Handle);
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>The first row, or default. What the statement changes it changes whole.</summary>
    public T? One<T>([ConstantExpected] string sql, Func<SqlRow, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> values)
    {
        var statement = Prepare(sql);
        try
        {
            statement.Bind(values);
            return statement.Step() ? read(statement.Row) : default;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Every row.</summary>
    public List<T> All<T>([ConstantExpected] string sql, Func<SqlRow, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> values)
    {
        var statement = Prepare(sql);
        try
        {
            statement.Bind(values);
            var rows = new List<T>();
            while (statement.Step())
                rows.Add(read(statement.Row));
            return rows;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>The rowid of the last insert.</summary>
    public long LastRow() => raw.sqlite3_last_insert_rowid(_connection.Handle);

    /// <summary>Ends what runs on another thread with SQLITE_INTERRUPT. The one member that any thread may call.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_connection.Handle);

    /// <summary>Copies the database as it is now into another one, while others read and write.</summary>
    public bool BackupTo(SqlSession target)
    {
        _connection.BackupDatabase(target._connection);
        return true;
    }

    /// <summary>Ends a transaction that failed. SQLite has ended it already after some faults, so a refusal says nothing.</summary>
    public void Rollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // No transaction is active any more.
        }
    }

    public void Dispose()
    {
        foreach (var statement in _prepared.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    private SqlStatement Prepare(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var statement))
            _prepared[sql] = statement = new SqlStatement(_connection.Handle!, sql);
        return statement;
    }
}
