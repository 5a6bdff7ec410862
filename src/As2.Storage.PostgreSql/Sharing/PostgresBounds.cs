namespace As2.Storage.PostgreSql;

/// <summary>
/// What is used of bounds, one row for each: what was taken in this minute of the clock, and in the one before, of which the part counts that
/// is not over. Thread-safe.
/// </summary>
internal sealed class PostgresBounds(Func<PostgresStore> store) : ISharedBounds
{
    // Nothing hangs on it: its commit need not wait for the disk.
    private const string Lazily = "SELECT set_config('synchronous_commit', 'off', true)";

    private const string Take =
        """
        WITH clock AS (SELECT now_ms() / 60000 AS minute, 1 - (now_ms() % 60000) / 60000.0 AS rest)
        INSERT INTO bound_use AS u (key, minute, used, before) SELECT $1, minute, $3, 0 FROM clock
        ON CONFLICT (key) DO UPDATE SET
            minute = excluded.minute,
            used = CASE WHEN u.minute = excluded.minute THEN u.used ELSE 0 END + excluded.used,
            before = CASE u.minute WHEN excluded.minute THEN u.before WHEN excluded.minute - 1 THEN u.used ELSE 0 END
        WHERE CASE u.minute
                WHEN excluded.minute THEN u.used + u.before * (SELECT rest FROM clock)
                WHEN excluded.minute - 1 THEN u.used * (SELECT rest FROM clock)
                ELSE 0 END + excluded.used <= $2
        """;

    private const string Forget = "DELETE FROM bound_use WHERE minute < now_ms() / 60000 - 1";

    private int _calls;

    public async ValueTask<bool> TryTakeAsync(string key, int perMinute, int share, CancellationToken cancellationToken)
    {
        var take = new Statements().Add(Lazily).Add(Take, key, perMinute, share);
        // Addresses of strangers come and go.
        if (Interlocked.Increment(ref _calls) % 1000 == 0)
            take.Add(Forget);
        return (await store().Database.WriteAsync(take, cancellationToken).ConfigureAwait(false))[1] == 1;
    }
}
