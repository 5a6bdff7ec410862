namespace ManagedGateway.Operations.Store;

/// <summary>Lets one node at a time do what concerns all of them. Thread-safe.</summary>
internal sealed class Turns(OperationsDatabase database)
{
    /// <summary>Takes the turn when the last one is over.</summary>
    /// <returns>The fence of the turn; null: it is another node's.</returns>
    public long? Take(string name, TimeSpan time) => database.Change(session => session.One<long?>(
        """
        INSERT INTO turn VALUES (@name, now_ms() + @time, 1)
        ON CONFLICT (name) DO UPDATE SET until = excluded.until, fence = turn.fence + 1 WHERE turn.until <= now_ms() RETURNING fence
        """,
        row => row.GetInt64(0), ("@name", name), ("@time", (long)time.TotalMilliseconds)));

    /// <summary>Takes the turn from whoever has it.</summary>
    public long Seize(string name, TimeSpan time) => database.Change(session => session.One(
        """
        INSERT INTO turn VALUES (@name, now_ms() + @time, 1)
        ON CONFLICT (name) DO UPDATE SET until = excluded.until, fence = turn.fence + 1 RETURNING fence
        """,
        row => row.GetInt64(0), ("@name", name), ("@time", (long)time.TotalMilliseconds)));

    /// <summary>Whether a turn is still the one that was taken, in a transaction of the caller's.</summary>
    public static bool Holds(OperationsSession session, string name, long fence)
        => session.One("SELECT fence FROM turn WHERE name = @name", row => row.GetInt64(0), ("@name", name)) == fence;
}
