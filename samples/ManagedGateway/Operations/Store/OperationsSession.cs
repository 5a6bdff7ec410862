using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace ManagedGateway.Operations.Store;

/// <summary>
/// Statements on the operations database, in what SQLite and PostgreSQL have in common. Every text is a constant of this program; values are
/// parameters. <c>now_ms()</c> is the moment of the database, which is every node's.
/// </summary>
internal sealed class OperationsSession(DbConnection connection, DbTransaction? transaction = null)
{
    /// <summary>Changes rows and returns how many.</summary>
    public int Execute([ConstantExpected] string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Prepare(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first row, or default.</summary>
    public T? One<T>([ConstantExpected] string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Prepare(sql, values);
        using var reader = command.ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    /// <summary>Every row.</summary>
    public List<T> All<T>([ConstantExpected] string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Prepare(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    private DbCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The callers' texts are constants: ConstantExpected holds them to it.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
