using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace As2.Storage.PostgreSql;

/// <summary>
/// Statements that go to the server in one round trip and are one transaction there. Every text is a constant of this package; values
/// are parameters. No statement can use what a former one returned, so keys are made here; what must hold is demanded of <c>must()</c>,
/// which ends the transaction otherwise.
/// </summary>
internal sealed class Statements
{
    private readonly List<(string Sql, object?[] Values)> _all = [];

    /// <summary>Adds a statement.</summary>
    /// <param name="sql">With $1, $2 … for the values.</param>
    /// <param name="values">Null goes without a type, which the server takes from the context; a parameter has its own.</param>
    public Statements Add([ConstantExpected] string sql, params ReadOnlySpan<object?> values)
    {
        _all.Add((sql, values.ToArray()));
        return this;
    }

    public NpgsqlBatch On(NpgsqlConnection connection, NpgsqlTransaction? transaction)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        foreach (var (sql, values) in _all)
        {
#pragma warning disable CA2100 // The callers' texts are constants: ConstantExpected holds them to it.
            var command = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
            foreach (var value in values)
                command.Parameters.Add(value is NpgsqlParameter typed ? typed.Clone() : new NpgsqlParameter { Value = value ?? DBNull.Value });
            batch.BatchCommands.Add(command);
        }
        return batch;
    }
}
