using As2.Agreements;

namespace As2.Storage.PostgreSql;

/// <summary>What each of our AS2 names used: triggers keep it in the transaction of every change, a row for every few connections.</summary>
internal static class UsageTable
{
    private const long Day = 24 * 60 * 60 * 1000;

    public static Statements Of(As2Identifier local, DateTimeOffset day) => new Statements().Add(
        """
        SELECT coalesce((SELECT sum(messages)::bigint FROM usage_day WHERE local = $1 AND day = $2), 0),
               coalesce((SELECT sum(bytes)::bigint FROM usage_kept WHERE local = $1), 0)
        """,
        local.Value, day.ToUnixTimeMilliseconds() / Day);
}
