using System.Data.Common;

namespace As2.Storage.PostgreSql;

/// <summary>Octets in the columns length, sha256, inline and blob.</summary>
internal static class Columns
{
    public static StoredContent Content(this DbDataReader row, int column) => new()
    {
        Length = row.GetInt64(column),
        Sha256 = row.GetString(column + 1),
        Inline = row.IsDBNull(column + 2) ? (ReadOnlyMemory<byte>?)null : row.GetFieldValue<byte[]>(column + 2),
        BlobName = row.Text(column + 3),
    };

    // Typed, so that the statement is prepared once whether there are octets or not.
    public static Npgsql.NpgsqlParameter Octets(StoredContent content) => new()
    {
        NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea, Value = content.Inline is { } octets ? octets : DBNull.Value,
    };
}
