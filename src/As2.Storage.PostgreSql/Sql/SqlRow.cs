using System.Data.Common;
using System.Globalization;

namespace As2.Storage.PostgreSql;

/// <summary>Reads columns in the types of the store.</summary>
internal static class SqlRow
{
    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset Moment(this DbDataReader row, int column) => StoreClock.Moment(row.GetInt64(column));

    public static T Name<T>(this DbDataReader row, int column) where T : struct, Enum => Enum.Parse<T>(row.GetString(column));

    /// <summary>Our identifier of a message, as the rest of the product writes it.</summary>
    public static string Id(this DbDataReader row, int column) => row.GetGuid(column).ToString("N");

    /// <summary>The identifier as the database keeps it; null for a text that is none.</summary>
    public static Guid? ToId(string id) => Guid.TryParseExact(id, "N", out var value) ? value : null;

    /// <summary>The lowest identifier of a moment: the first 48 bits are its milliseconds.</summary>
    public static Guid LowestId(DateTimeOffset moment) => Guid.ParseExact(
        Math.Max(0, moment.ToUnixTimeMilliseconds()).ToString("x12", CultureInfo.InvariantCulture).PadRight(32, '0'), "N");
}
