using As2.Agreements;

namespace As2.Storage.Sqlite;

/// <summary>What each of our AS2 names used: triggers keep it in the transaction of every change.</summary>
internal static class UsageTable
{
    private const long Day = 24 * 60 * 60 * 1000;

    public static StationUsage Of(SqlSession session, As2Identifier local, DateTimeOffset day) => new(
        session.One("SELECT messages FROM usage_day WHERE local = @local AND day = @day",
            row => row.GetInt64(0), ("@local", local.Value), ("@day", day.ToUnixTimeMilliseconds() / Day)),
        session.One("SELECT bytes FROM usage_kept WHERE local = @local", row => row.GetInt64(0), ("@local", local.Value)));
}
