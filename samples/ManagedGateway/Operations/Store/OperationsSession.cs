using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace ManagedGateway.Operations.Store;

/// <summary>Statements on the operations database. Every text is a constant of this program; values are parameters.</summary>
internal sealed class OperationsSession(SqliteConnection connection)
{
    /// <summary>Changes rows and returns how many.</summary>
    public int Execute([ConstantExpected] string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Prepare(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first row, or default.</summary>
    public T? One<T>([ConstantExpected] string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Prepare(sql, values);
        using var reader = command.ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    /// <summary>Every row.</summary>
    public List<T> All<T>([ConstantExpected] string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Prepare(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>The rowid of the last insert.</summary>
    public long LastRow() => One("SELECT last_insert_rowid()", row => row.GetInt64(0));

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The callers' texts are constants: ConstantExpected holds them to it.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
