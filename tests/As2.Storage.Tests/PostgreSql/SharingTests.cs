using As2.Agreements;
using As2.Storage.PostgreSql;
using As2.Transmission;

namespace As2.Storage.Tests.PostgreSql;

/// <summary>What two nodes hold in common besides messages: whom they leave alone, and what is used of bounds.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SharingTests : IAsyncDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private readonly Partnership _partnership = new() { Local = new As2Identifier("US"), Partner = new As2Identifier("THEM") };
    private readonly PostgresStoreOptions _options = TestDatabase.NewSchema();
    private readonly PostgresStore _one, _other;

    public SharingTests() => (_one, _other) = (TestDatabase.Open(_options), TestDatabase.Open(_options));

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Test]
    public async Task failures_at_either_node_pause_a_partner_for_both_and_one_node_probes()
    {
        var (here, there) = (CircuitsOf(_one), CircuitsOf(_other));
        for (var i = 0; i < 4; i++)
            await (i % 2 == 0 ? here : there).FailedAsync(_partnership, "no answer", s_none);
        // A node has heard of it within a second, or at once when it was its own.
        using (var early = await there.EnterAsync(_partnership, 8, s_none))
            Assert.That(early.Pause, Is.Null, "four failures are not five");
        await here.FailedAsync(_partnership, "no answer", s_none);
        await PausedAsync(there);
        Assert.That((await here.EnterAsync(_partnership, 8, s_none)).Pause?.Reason, Does.StartWith("5 attempts in a row had no answer"));

        TestDatabase.Run(_options, "UPDATE partner_standing SET until = now_ms() - 1");
        var (mine, yours) = (CircuitsOf(_one), CircuitsOf(_other));
        var turns = await Task.WhenAll(mine.EnterAsync(_partnership, 8, s_none).AsTask(), yours.EnterAsync(_partnership, 8, s_none).AsTask());
        Assert.That(turns.Count(t => t.Pause is null), Is.EqualTo(1), "one probes for all");

        await (turns[0].Pause is null ? mine : yours).AnsweredAsync(_partnership, s_none);
        foreach (var circuits in (PartnerCircuits[])[CircuitsOf(_one), CircuitsOf(_other)])
            Assert.That((await circuits.EnterAsync(_partnership, 8, s_none)).Pause, Is.Null, "it answers again");
    }

    [Test]
    public async Task a_partner_that_refuses_one_node_is_left_alone_by_the_other_and_resumed_by_either()
    {
        await CircuitsOf(_one).RefusedAsync(_partnership, TimeSpan.FromHours(1), "401", s_none);
        var there = CircuitsOf(_other);
        Assert.That((await there.EnterAsync(_partnership, 8, s_none)).Pause?.Reason, Is.EqualTo("401"));
        await there.ForgetAsync(_partnership.Local, _partnership.Partner, s_none);
        Assert.That((await CircuitsOf(_one).EnterAsync(_partnership, 8, s_none)).Pause, Is.Null);
    }

    [Test]
    public async Task failures_that_meet_are_all_counted()
    {
        var standings = new PostgresStandings(() => _one);
        var (here, there) = (CircuitsOf(_one, failures: 100), CircuitsOf(_other, failures: 100));
        await Parallel.ForAsync(0, 4, async (i, _) => await (i % 2 == 0 ? here : there).FailedAsync(_partnership, "no answer", s_none));
        Assert.That((await standings.FindAsync(new StandingKey("send", _partnership.Local, _partnership.Partner), fresh: true, s_none))!.Failures, Is.EqualTo(4));
    }

    [Test]
    public async Task two_nodes_together_take_no_more_than_the_bound_and_all_of_it()
    {
        const int Bound = 100, Share = 5;
        var nodes = new[] { _one, _other }.Select(store => new PostgresBounds(() => store)).ToList();
        var taken = 0;
        await Parallel.ForAsync(0, 60, async (i, _) =>
        {
            if (await nodes[i % 2].TryTakeAsync("all", Bound, Share, s_none))
                Interlocked.Add(ref taken, Share);
        });
        // When a minute of the clock began meanwhile, a little of the one before is over already.
        Assert.That(taken, Is.InRange(Bound, Bound + (3 * Share)));
    }

    [Test]
    public async Task what_was_used_in_the_minute_before_counts_as_far_as_it_is_not_over()
    {
        var bounds = new PostgresBounds(() => _one);
        TestDatabase.Run(_options,
            """
            CREATE TABLE test_clock (now bigint);
            INSERT INTO test_clock VALUES (600000);
            CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT now FROM test_clock';
            """);
        Assert.That(await bounds.TryTakeAsync("k", 100, 100, s_none));
        Assert.That(await bounds.TryTakeAsync("k", 100, 1, s_none), Is.False);
        TestDatabase.Run(_options, "UPDATE test_clock SET now = 600000 + 90000");
        Assert.That(await bounds.TryTakeAsync("k", 100, 60, s_none), Is.False, "half of the hundred still counts");
        Assert.That(await bounds.TryTakeAsync("k", 100, 50, s_none));
        TestDatabase.Run(_options, "UPDATE test_clock SET now = 600000 + 240000");
        Assert.That(await bounds.TryTakeAsync("k", 100, 100, s_none));
    }

    private static PartnerCircuits CircuitsOf(PostgresStore store, int failures = 5) => new(new PostgresStandings(() => store), "send", failures);

    private async Task PausedAsync(PartnerCircuits circuits)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var turn = await circuits.EnterAsync(_partnership, 8, limit.Token);
            if (turn.Pause is not null)
                return;
            await Task.Delay(50, limit.Token);
        }
    }
}
