using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace As2.Storage.Sqlite;

/// <summary>A prepared statement. Whoever runs it gives the same parameters in the same order each time.</summary>
internal sealed class SqlStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private int[]? _places;

    public SqlStatement(sqlite3 connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v3(connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement, out var rest));
        if (rest.Length > 0)
            throw new InvalidOperationException($"'{rest}' would not run.");
    }

    /// <summary>The row to which <see cref="Step"/> came.</summary>
    public SqlRow Row => new(_statement);

    public void Bind(ReadOnlySpan<(string Name, SqlValue Value)> values)
    {
        _places ??= Find(values);
        for (var i = 0; i < values.Length; i++)
        {
            if (_places[i] > 0)
                Check(values[i].Value.Bind(_statement, _places[i]));
        }
    }

    /// <summary>Goes on to the next row. False: there is none, the statement is done.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        Check(result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Lets go of rows and locks. A fault was told by the step that met it.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();

    // A value that the text does not name is left out, as where several texts share their values; the reverse would be NULL unseen.
    private int[] Find(ReadOnlySpan<(string Name, SqlValue Value)> values)
    {
        var places = new int[values.Length];
        for (var i = 0; i < places.Length; i++)
            places[i] = raw.sqlite3_bind_parameter_index(_statement, values[i].Name);
        if (places.Count(place => place > 0) != raw.sqlite3_bind_parameter_count(_statement))
            throw new InvalidOperationException($"A value is missing for '{raw.sqlite3_sql(_statement).utf8_to_string()}'.");
        return places;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection);
}
