using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>Reads columns that may be null.</summary>
internal static class SqlRow
{
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset Moment(this SqliteDataReader row, int column) => StoreClock.Moment(row.GetInt64(column));

    public static T Name<T>(this SqliteDataReader row, int column) where T : struct, Enum => Enum.Parse<T>(row.GetString(column));
}
