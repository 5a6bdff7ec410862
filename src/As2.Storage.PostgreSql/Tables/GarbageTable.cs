namespace As2.Storage.PostgreSql;

/// <summary>Blobs that lost a row that named them, and whose octets are still to be removed.</summary>
internal static class GarbageTable
{
    // Whoever was given the name before it was marked has this long to finish reading.
    private const long GraceMilliseconds = 60 * 60 * 1000;

    private const string IsUsed =
        "(EXISTS (SELECT 1 FROM part WHERE part.blob = garbage.blob) OR EXISTS (SELECT 1 FROM mailbox WHERE mailbox.blob = garbage.blob))";

    /// <summary>Forgets the marks of blobs that other rows name, and lists the rest.</summary>
    public static Statements List(int max) => new Statements()
        .Add("DELETE FROM garbage WHERE since <= now_ms() - $1 AND " + IsUsed, GraceMilliseconds)
        .Add("SELECT blob FROM garbage WHERE since <= now_ms() - $1 AND NOT " + IsUsed + " LIMIT $2", GraceMilliseconds, max);

    public static Statements Forget(IReadOnlyList<string> blobs) => new Statements().Add("DELETE FROM garbage WHERE blob = ANY ($1)", (object)blobs.ToArray());

    public static Statements Named(string blob) => new Statements().Add(
        "SELECT 1 FROM part WHERE blob = $1 UNION ALL SELECT 1 FROM mailbox WHERE blob = $1 UNION ALL SELECT 1 FROM garbage WHERE blob = $1 LIMIT 1", blob);
}
