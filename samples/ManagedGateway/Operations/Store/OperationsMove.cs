using System.Data.Common;
using System.Globalization;
using As2;
using ManagedGateway.Secrets;
using ManagedGateway.Stores;

namespace ManagedGateway.Operations.Store;

/// <summary>Copies <c>operations.db</c> into the database that nodes share, and compares. What is there already is left, so that it can be repeated.</summary>
internal static class OperationsMove
{
    // In the order of their references. Turns and links to a first administrator are of a gateway that runs.
    private static readonly string[] s_tables =
        ["\"user\"", "session", "token", "audit", "managed", "alert", "outbox", "feed", "told", "onboarding", "account_use", "invitation", "server_certificate"];

    /// <summary>Moves everything, or nothing.</summary>
    /// <returns>How many users, lines of the audit log, and saved entries there are; null: the data folder has none of it.</returns>
    /// <exception cref="As2Exception">GW-STORE-003: something differs; GW-SECRET-003: nodes with another key are there already.</exception>
    public static (int Users, int Lines, int Entries)? Run(string data, StoreSettings settings)
    {
        if (!File.Exists(Path.Combine(data, SqliteOperations.FileName)))
            return null;
        // A copy, because opening brings it to the newest version.
        var copy = Directory.CreateTempSubdirectory("as2-operations-");
        try
        {
            SqliteOperations.Copy(data, copy.FullName);
            using var source = new SqliteOperations(copy.FullName, TimeProvider.System);
            using var target = SealCheck.Open(new PostgresOperations(settings, data), new SecretBox(data));
            var counts = s_tables.ToDictionary(table => table, table => Move(source, target, table));
            var version = source.Read(session => session.One("SELECT version FROM managed_version", row => row.GetInt64(0)));
            target.Change(session => session.Execute("UPDATE managed_version SET version = @version WHERE version < @version", ("@version", version)));
            return (counts["\"user\""], counts["audit"], counts["managed"]);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

#pragma warning disable CA1857, CA2100 // The tables are those above, the columns those of our own schema.
    private static int Move(SqliteOperations source, OperationsDatabase target, string table)
    {
        var rows = source.Read(session => session.All($"SELECT * FROM {table}", Row));
        target.Change(session =>
        {
            foreach (var row in rows)
            {
                var names = string.Join(", ", row.Select(c => $"\"{c.Name}\""));
                var places = string.Join(", ", row.Select(c => $"@{c.Name}"));
                session.Execute($"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING", [.. row.Select(c => ($"@{c.Name}", c.Value))]);
            }
            if (rows.Count > 0 && rows[0][0].Name == "number")
                session.Execute($"SELECT setval(pg_get_serial_sequence('{table}', 'number'), (SELECT max(number) FROM {table}))");
            return 0;
        });
        var arrived = target.Read(session => session.All($"SELECT * FROM {table}", Row)).Select(Text).ToHashSet(StringComparer.Ordinal);
        if (rows.FirstOrDefault(row => !arrived.Contains(Text(row))) is { } lost)
            throw new As2Exception("GW-STORE-003", $"What arrived is not what was sent: {lost[0].Value} of {table}. Nothing of the data folder was changed; empty the schema, or name another one, and move again.");
        return rows.Count;
    }
#pragma warning restore CA1857, CA2100

    private static List<(string Name, object? Value)> Row(DbDataReader row)
        => [.. Enumerable.Range(0, row.FieldCount).Select(i => (row.GetName(i), row.IsDBNull(i) ? null : row.GetValue(i)))];

    private static string Text(List<(string Name, object? Value)> row) => string.Join('\n', row.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c =>
        $"{c.Name}={(c.Value is byte[] octets ? Convert.ToHexString(octets) : Convert.ToString(c.Value, CultureInfo.InvariantCulture))}"));
}
