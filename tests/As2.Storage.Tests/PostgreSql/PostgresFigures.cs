using System.Diagnostics;
using System.Globalization;
using As2.Agreements;
using As2.Storage.PostgreSql;
using Npgsql;

namespace As2.Storage.Tests.PostgreSql;

/// <summary>Figures of a large database, which eng/scale.sh fills: only by name, and only where AS2_FIGURES names one.</summary>
[Explicit]
[NonParallelizable]
public sealed class PostgresFigures
{
    private const int Rounds = 40, Backlog = 200_000, Workers = 4, Claims = 2_000;

    private static readonly string? s_connection = Environment.GetEnvironmentVariable("AS2_FIGURES");

    private static readonly Dictionary<string, Func<int, int, MessageQuery>> s_searches = new()
    {
        ["newest"] = (_, _) => new(),
        ["a page in the middle"] = (i, rows) => new() { Before = Id(rows / 50 * i) },
        ["a whole Message-ID's number"] = (i, rows) => new() { Text = $"-{rows / 50 * i}@part" },
        ["an exact file name"] = (i, rows) => new() { Text = Name(rows / 50 * i) },
        ["part of a file name, few hits"] = (i, rows) => new() { Text = $"_{(rows / 50 * i) + 3}." },
        ["part of a file name, ten thousand hits"] = (i, _) => new() { Text = $"S_{100 + i}", Max = 1000 },
        ["a common part"] = (_, _) => new() { Text = "orders" },
        ["what is nowhere"] = (i, _) => new() { Text = $"nowhere-{i}" },
        ["two letters"] = (_, _) => new() { Text = "zz" },
        ["a partner"] = (i, _) => new() { Partner = new As2Identifier($"PARTNER-{i}") },
        ["a partner and a part"] = (i, _) => new() { Partner = new As2Identifier($"PARTNER-{i}"), Text = "_77" },
        ["a rare state"] = (_, _) => new() { State = MessageState.Expired },
        ["a common state of a partner"] = (i, _) => new() { State = MessageState.Delivered, Partner = new As2Identifier($"PARTNER-{(2 * i) + 1}") },
        ["a day"] = (i, rows) => new() { From = At(rows / 50 * i), Until = At((rows / 50 * i) + 43_200) },
        ["a common part of an old day"] = (i, rows) => new() { Text = "orders", From = At(rows / 50 * i), Until = At((rows / 50 * i) + 43_200) },
        ["a rare part of an old month"] = (i, rows) => new() { Text = Name(rows / 50 * i), From = At((rows / 50 * i) - 600_000), Until = At((rows / 50 * i) + 600_000) },
    };

    [Test]
    public async Task claims_take_less_than_20_ms_and_searches_less_than_300()
    {
        Assume.That(s_connection, Is.Not.Null, "eng/scale.sh says where the database is");
        await using var store = TestDatabase.Open(new PostgresStoreOptions { ConnectionString = s_connection! });
        if (Environment.GetEnvironmentVariable("AS2_FIGURES_STEP") == "schema")
            return;
        var rows = int.Parse(await RunAsync("SELECT (created - 1760000000000) / 2000 + 1 FROM as2.message ORDER BY id DESC LIMIT 1"), CultureInfo.InvariantCulture);
        Say($"{rows:N0} rows, {await RunAsync("SELECT pg_size_pretty(pg_database_size(current_database()))")}");
        var slow = new List<string>();
        foreach (var (name, search) in s_searches)
        {
            var (times, found) = (new List<double>(), 0);
            for (var i = 1; i <= Rounds; i++)
            {
                var started = Stopwatch.GetTimestamp();
                found += (await store.ListAsync(search(i, rows), default)).Count;
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            if (Tell(name, times, $"{found / Rounds} found") > 300)
                slow.Add(name);
        }
        if (await ClaimAsync(store) > 20)
            slow.Add("claims");
        if (await ClaimAsync(store, besideDump: true) > 20)
            slow.Add("claims beside a dump");
        Assert.That(slow, Is.Empty);
    }

    // A backlog as after an outage of all partners, and workers that take it off. The server of eng/scale.sh cleans nothing away by itself.
    private static async Task<double> ClaimAsync(PostgresStore store, bool besideDump = false)
    {
        await RunAsync("DELETE FROM as2.job");
        await RunAsync("VACUUM as2.job");
        await RunAsync($"INSERT INTO as2.job (message, kind, lane, due, fence, attempt) SELECT id, 'Send', local || E'\\n' || partner, 0, 0, 0 FROM as2.message ORDER BY id DESC LIMIT {Backlog}; ANALYZE as2.job");
        // What its transaction may still see is dead and stays.
        await using var dump = new NpgsqlConnection(s_connection);
        await dump.OpenAsync();
        await using var open = await dump.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var look = new NpgsqlCommand("SELECT 1", dump, open);
        if (besideDump)
            await look.ExecuteScalarAsync();
        var times = new List<double>();
        await Parallel.ForAsync(0, Workers, async (_, stop) =>
        {
            for (var i = 0; i < Claims / Workers; i++)
            {
                var started = Stopwatch.GetTimestamp();
                var jobs = await store.ClaimAsync(JobKind.Send, 10, TimeSpan.FromMinutes(5), stop);
                lock (times)
                    times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                Assert.That(jobs, Has.Count.EqualTo(10));
            }
        });
        await RunAsync("DELETE FROM as2.job");
        return Tell($"claims of 10, {Workers} workers, {Backlog:N0} due", times, besideDump ? "beside a dump" : "", 99);
    }

    private static double Tell(string name, List<double> times, string more, int percent = 95)
    {
        times.Sort();
        var high = times[Math.Max(0, (times.Count * percent / 100) - 1)];
        Say(string.Create(CultureInfo.InvariantCulture, $"{name,-44} p50 {times[times.Count / 2],7:0.0} ms   p{percent} {high,7:0.0} ms   {more}"));
        return high;
    }

    // The test runner keeps progress to itself where it is asked to be quiet.
    private static void Say(string line)
    {
        if (Environment.GetEnvironmentVariable("AS2_FIGURES_FILE") is { } file)
            File.AppendAllText(file, line + "\n");
        TestContext.Progress.WriteLine(line);
    }

    private static async Task<string> RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(s_connection + ";Command Timeout=600");
        await connection.OpenAsync();
#pragma warning disable CA2100 // Texts of this file.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    private static DateTimeOffset At(int number) => DateTimeOffset.FromUnixTimeMilliseconds(1_760_000_000_000 + (number * 2000L));

    private static string Name(int number) => $"{(number % 3 == 0 ? "INVOIC_" : "ORDERS_")}{number}.edi";

    private static string Id(int number) => $"{1_760_000_000_000 + (number * 2000L):x12}".PadRight(32, '0');
}
