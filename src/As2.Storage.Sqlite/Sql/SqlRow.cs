using SQLitePCL;

namespace As2.Storage.Sqlite;

/// <summary>The columns of the row at which a statement stands; good until its next step.</summary>
internal readonly struct SqlRow
{
    private readonly sqlite3_stmt _statement;

    public SqlRow(sqlite3_stmt statement) => _statement = statement;

    public long GetInt64(int column) => raw.sqlite3_column_int64(_statement, column);

    public int GetInt32(int column) => raw.sqlite3_column_int(_statement, column);

    public bool GetBoolean(int column) => GetInt64(column) != 0;

    public string GetString(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>Text, or null.</summary>
    public string? Text(int column) => IsNull(column) ? null : GetString(column);

    /// <summary>Octets, or null.</summary>
    public ReadOnlyMemory<byte>? Octets(int column) => IsNull(column) ? (ReadOnlyMemory<byte>?)null : raw.sqlite3_column_blob(_statement, column).ToArray();

    public DateTimeOffset Moment(int column) => StoreClock.Moment(GetInt64(column));

    public T Name<T>(int column) where T : struct, Enum => Enum.Parse<T>(GetString(column));

    private bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;
}
