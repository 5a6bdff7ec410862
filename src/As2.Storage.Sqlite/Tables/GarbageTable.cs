namespace As2.Storage.Sqlite;

/// <summary>Blobs that no row names any more and whose files are still to be removed.</summary>
internal static class GarbageTable
{
    // Whoever was given the name before it was marked has this long to finish reading.
    private const long GraceMilliseconds = 60 * 60 * 1000;

    public static IReadOnlyList<string> List(SqlSession session, int max, long now) => session.All(
        "SELECT blob FROM garbage WHERE since <= @before LIMIT @max",
        row => row.GetString(0), ("@before", now - GraceMilliseconds), ("@max", max));

    public static int Forget(SqlSession session, IReadOnlyList<string> blobs)
        => blobs.Sum(blob => session.Execute("DELETE FROM garbage WHERE blob = @blob", ("@blob", blob)));

    public static bool IsNamed(SqlSession session, string blob)
        => session.One("SELECT 1 FROM content WHERE blob = @blob UNION ALL SELECT 1 FROM garbage WHERE blob = @blob", row => true, ("@blob", blob));

    /// <summary>Every blob that a backup must hold.</summary>
    public static List<string> ListNamed(SqlSession session) => session.All("SELECT blob FROM content WHERE blob IS NOT NULL", row => row.GetString(0));
}
