namespace As2.Storage.PostgreSql;

/// <summary>Forgets what is old, oldest first. Nodes that purge at the same time take different messages.</summary>
internal static class Purge
{
    private const string Finished =
        """
            AND created <= now_ms() - $1 AND changed <= now_ms() - $1
            AND state IN ('Delivered', 'Refused', 'Acknowledged', 'Rejected', 'MicMismatch', 'Expired', 'Cancelled')
            AND NOT EXISTS (SELECT 1 FROM job WHERE job.message = message.id)
        ORDER BY created LIMIT $2 FOR UPDATE SKIP LOCKED
        """;

    private const string Marking =
        """
        , marked AS (INSERT INTO garbage SELECT DISTINCT blob, now_ms() FROM gone WHERE blob IS NOT NULL
                     ON CONFLICT (blob) DO UPDATE SET since = excluded.since)

        """;

    private const string Records =
        "WITH old AS MATERIALIZED (SELECT id FROM message WHERE true\n" + Finished + """
        ),
        gone AS (DELETE FROM part USING old WHERE part.message = old.id RETURNING blob)
        """ + Marking + """
        , texts AS (DELETE FROM message_text USING old WHERE message_text.message = old.id),
        lines AS (DELETE FROM event USING old WHERE event.message = old.id)
        DELETE FROM message USING old WHERE message.id = old.id
        """;

    // What the join sees is the part as it was, so that the blob is known that it lost.
    private const string Contents =
        "WITH old AS MATERIALIZED (SELECT id FROM message WHERE NOT purged\n" + Finished + """
        ),
        gone AS (
            UPDATE part SET inline = NULL, blob = NULL FROM old JOIN part AS former ON former.message = old.id
            WHERE part.message = former.message AND part.role = former.role AND part.ordinal = former.ordinal AND part.role <> 'receipt'
            RETURNING former.blob)
        """ + Marking + "UPDATE message SET purged = true FROM old WHERE message.id = old.id";

    public static Statements OfRecords(TimeSpan age, int max) => new Statements().Add(Records, (long)age.TotalMilliseconds, max);

    public static Statements OfContents(TimeSpan age, int max) => new Statements().Add(Contents, (long)age.TotalMilliseconds, max);
}
