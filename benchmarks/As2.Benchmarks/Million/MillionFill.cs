using System.Diagnostics;
using As2.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace As2.Benchmarks.Million;

/// <summary>Messages as a year of trade leaves them: 20 stations, 400 partners, every state, three lines of history each; contents are purged.</summary>
internal static class MillionFill
{
    private const string Messages =
        """
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < @rows - 1),
            made (i, at, way) AS (SELECT i, @first + i * @span / @rows, iif(i % 2, 'Inbound', 'Outbound') FROM n)
        INSERT INTO message (id, direction, local, partner, key, message_id, state, created, changed, mics, disposition, security, diagnosis, attempts, file_name, length, purged)
        SELECT printf('%012x7%03x%016x', at, i % 4096, abs(random())), way, 'STATION-' || (i % 20), 'PARTNER-' || (i % 400),
            lower(hex(randomblob(16))) || '-' || i || '@partner' || (i % 400) || '.example', '<' || i || '@partner.example>',
            CASE WHEN i % 100 = 50 THEN 'Refused' WHEN i % 1000 = 0 THEN 'Expired' WHEN i % 1000 = 2 THEN 'Rejected' WHEN i % 5000 = 4 THEN 'MicMismatch'
                 WHEN i > @rows - 400 AND i % 4 = 0 THEN 'AwaitingReceipt' WHEN i % 10000 = 6 THEN 'Suspended' WHEN i % 2 THEN 'Delivered' ELSE 'Acknowledged' END,
            at, at + 900, 'sha-256 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'automatic-action/MDN-sent-automatically; processed', 'signed sha-256, encrypted aes128-cbc',
            iif(i % 100 = 50, 'The signature is of a certificate that is not agreed.', NULL), 1, iif(i % 3, 'ORDERS_', 'INVOIC_') || i || '.edi', 2000 + i % 30000, 1
        FROM made
        """;

    private const string History =
        """
        INSERT INTO event (message, at, kind, text)
        SELECT m.id, m.created + s.step * 300, s.kind, s.text FROM message m
        CROSS JOIN (SELECT 0 step, 'received' kind, 'Received from 192.0.2.17 over TLS' text UNION ALL SELECT 1, 'verified', 'Signature and digest are right' UNION ALL SELECT 2, 'delivered', 'Put into inbox') s
        """;

    private const string Parts =
        """
        INSERT INTO content (number, length, sha256) SELECT number, length, lower(hex(randomblob(32))) FROM message;
        INSERT INTO part (message, role, ordinal, content, content_type, file_name) SELECT number, 'payload', 0, number, 'application/edifact', file_name FROM message
        """;

    /// <summary>Fills an empty data folder.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="rows">How many messages.</param>
    /// <param name="span">The time before now over which they are spread.</param>
    /// <param name="output">Where it is told.</param>
    public static void Fill(string folder, int rows, TimeSpan span, TextWriter output)
    {
        // The store makes its own tables, indexes and triggers.
        new SqliteStore(new SqliteStoreOptions { Folder = folder }).Dispose();
        var started = Stopwatch.GetTimestamp();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "as2.db")};Pooling=False;Default Timeout=3600");
        connection.Open();
        var now = DateTimeOffset.UtcNow;
        Run(connection, "PRAGMA synchronous = OFF; PRAGMA cache_size = -524288; BEGIN");
        Run(connection, Messages, ("@rows", rows), ("@first", (now - span).ToUnixTimeMilliseconds()), ("@span", (long)span.TotalMilliseconds));
        Run(connection, History);
        Run(connection, Parts);
        Run(connection, "INSERT INTO message_text (message_text) VALUES ('rebuild'); UPDATE message_text_state SET up_to = (SELECT max(number) FROM message)");
        Run(connection, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
        output.WriteLine($"filled {rows} messages over {span.TotalDays:0} days in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, {new FileInfo(Path.Combine(folder, "as2.db")).Length >> 20} MiB");
    }

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
