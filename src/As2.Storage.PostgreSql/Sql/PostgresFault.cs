using Npgsql;

namespace As2.Storage.PostgreSql;

/// <summary>Turns what PostgreSQL says into a fault with a stable id, and knows the conditions that our own statements raise.</summary>
internal static class PostgresFault
{
    /// <summary>What <c>must()</c> raises: the step is not legal from the present state.</summary>
    public const string Illegal = "AS201";

    /// <summary>The job has another owner, or is gone.</summary>
    public const string Fenced = "AS202";

    /// <summary>A mailbox file that must be there is gone.</summary>
    public const string FileGone = "AS203";

    private const string UniqueViolation = "23505", DeadlockDetected = "40P01", SerializationFailure = "40001", LockNotAvailable = "55P03";

    public static bool IsTaken(PostgresException e, string constraint) => e.SqlState == UniqueViolation && e.ConstraintName == constraint;

    /// <summary>True when the server ended the transaction for the sake of another one: nothing of it happened.</summary>
    public static bool IsPassing(Exception e) => e is PostgresException { SqlState: DeadlockDetected or SerializationFailure or LockNotAvailable };

    /// <summary>The fault to show to the caller; what is no fault of the database comes back as it is.</summary>
    public static Exception Translate(Exception e, string server) => e switch
    {
        PostgresException { SqlState: "53100" or "58030" } full => StoreFault.Full(server, full),
        PostgresException { SqlState: "25006" } reading => new As2Exception(
            StoreFault.Unreachable, $"The database '{server}' only reads: it is a standby. Name the primary, or add Target Session Attributes=primary.", reading),
        PostgresException { SqlState: "42501" or "28000" or "28P01" or "3D000" } refused => new As2Exception(
            StoreFault.NoAccess, $"The database '{server}' refuses: {refused.MessageText} Check user, password and rights.", refused),
        PostgresException { SqlState: "XX001" or "XX002" } damaged => new As2Exception(
            StoreFault.Damaged, $"The database '{server}' is damaged: {damaged.MessageText} Stop the nodes and restore a backup.", damaged),
        NpgsqlException or TimeoutException => new As2Exception(
            StoreFault.Unreachable, $"The database '{server}' cannot be used now: {e.Message} Nothing was acknowledged; work goes on when it answers.", e),
        ObjectDisposedException closed => new As2Exception(StoreFault.Closed, "The store is closed: the service is stopping.", closed),
        _ => e,
    };
}
