using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Every text is a constant of this package; values are parameters. One thread at a time.</summary>
internal sealed class SqlSession : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private readonly SqliteConnection _connection;

    public SqlSession(SqliteConnection connection) => _connection = connection;

    /// <summary>Changes rows and returns how many.</summary>
    public int Execute([ConstantExpected] string sql, params ReadOnlySpan<(string Name, object? Value)> values)
        => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>The first row, or default.</summary>
    public T? One<T>([ConstantExpected] string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    /// <summary>Every row.</summary>
    public List<T> All<T>([ConstantExpected] string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>The rowid of the last insert.</summary>
    public long LastRow() => SQLitePCL.raw.sqlite3_last_insert_rowid(_connection.Handle);

    /// <summary>Opens the connection.</summary>
    public void Open() => _connection.Open();

    /// <summary>Ends what runs on another thread with SQLITE_INTERRUPT. The one member that any thread may call.</summary>
    public void Interrupt() => SQLitePCL.raw.sqlite3_interrupt(_connection.Handle);

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
        foreach (var command in _prepared.Values)
            command.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
            _prepared[sql] = command = New(sql);
        for (var i = 0; i < values.Length; i++)
        {
            if (i == command.Parameters.Count)
                command.Parameters.Add(new SqliteParameter { ParameterName = values[i].Name });
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        }
        return command;
    }

    private SqliteCommand New(string sql)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The callers' texts are constants: ConstantExpected holds them to it.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
