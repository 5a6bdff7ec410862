using System.Collections.Concurrent;
using As2.Routes;
using As2.Storage.PostgreSql;
using As2.Testing.Storage;
using Npgsql;

namespace As2.Storage.Tests.PostgreSql;

/// <summary>Several nodes on one database, by the database's own clock.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NodesTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly PostgresStoreOptions _options = TestDatabase.NewSchema();
    private readonly List<PostgresStore> _nodes = [];

    [TearDown]
    public async Task Close()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    [Test]
    public async Task nodes_that_start_together_on_an_empty_database_make_it_once()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(Node)));
        await nodes[0].AcceptAsync(Sample.Inbound(), s_none);
        Assert.That((await nodes[5].ClaimAsync(JobKind.Deliver, 1, s_minute, s_none)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task nodes_never_share_a_job_and_every_job_is_claimed()
    {
        var nodes = new[] { Node(), Node(), Node() };
        for (var i = 0; i < 120; i++)
            await nodes[i % 3].AcceptAsync(Sample.Inbound(), s_none);
        var claimed = new ConcurrentBag<long>();
        await Parallel.ForEachAsync(nodes.Concat(nodes), async (node, _) =>
        {
            while (await node.ClaimAsync(JobKind.Deliver, 3, s_minute, s_none) is { Count: > 0 } jobs)
            {
                foreach (var job in jobs)
                    claimed.Add(job.Id);
            }
        });
        Assert.That(claimed, Has.Count.EqualTo(120));
        Assert.That(claimed, Is.Unique);
    }

    [Test]
    public async Task a_copy_that_comes_to_another_node_at_the_same_moment_is_a_duplicate()
    {
        var nodes = new[] { Node(), Node() };
        for (var i = 0; i < 20; i++)
        {
            var copies = new[] { Sample.Inbound($"{i}@both"), Sample.Inbound($"{i}@both") };
            var outcomes = await Task.WhenAll(copies.Select((copy, n) => Task.Run(async () => await nodes[n].AcceptAsync(copy, s_none))));
            Assert.That(outcomes.Count(o => o.IsNew), Is.EqualTo(1));
            Assert.That(outcomes.Single(o => !o.IsNew).Earlier!.Id, Is.EqualTo(copies[Array.FindIndex(outcomes, o => o.IsNew)].Message.Id));
        }
    }

    [Test]
    public async Task what_one_node_lost_by_its_lease_another_finishes_and_the_first_changes_nothing()
    {
        var (stalled, other) = (Node(), Node());
        await stalled.AcceptAsync(Sample.Inbound(), s_none);
        var former = (await stalled.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMilliseconds(1), s_none)).Single();
        IReadOnlyList<Job> taken;
        do
            taken = await other.ClaimAsync(JobKind.Deliver, 1, s_minute, s_none);
        while (taken.Count == 0);
        var step = Sample.Step(MessageState.Accepted, MessageState.Delivered);
        Assert.That(await stalled.ApplyAsync(former, step, s_none), Is.False);
        Assert.That(await stalled.RenewAsync(former, s_minute, s_none), Is.False);
        Assert.That(await other.ApplyAsync(taken[0], step, s_none));
    }

    [Test]
    public async Task a_job_of_one_node_wakes_another()
    {
        var (here, there) = (Node(), Node());
        // Listening begins beside the opening: until the first hint arrives, more are given.
        var woken = there.Signal.WaitAsync(JobKind.Deliver, s_minute, s_none).AsTask();
        while (!woken.IsCompleted)
        {
            await here.AcceptAsync(Sample.Inbound(), s_none);
            await Task.WhenAny(woken, Task.Delay(50));
        }
        Assert.That(await woken);
    }

    [Test]
    public async Task files_of_one_name_from_many_deliveries_at_once_get_numbers_of_their_own()
    {
        var nodes = new[] { Node(), Node() };
        await Parallel.ForEachAsync(Enumerable.Range(0, 24), async (i, _) => await nodes[i % 2].SubmitAsync(Sample.Outbound(), s_none));
        var names = (await nodes[0].ListAsync("acme", MailboxFolder.Outbox, s_none)).Select(f => f.Name);
        Assert.That(names, Is.EquivalentTo(Enumerable.Range(2, 23).Select(n => $"order-{n}.edi").Prepend("order.edi")));
    }

    [Test]
    public async Task partners_in_order_get_one_message_at_a_time_whichever_node_sends()
    {
        _options.KeepsPartnersOrder = true;
        var nodes = new[] { Node(), Node() };
        var messages = Enumerable.Range(0, 3).Select(_ => Sample.Outbound()).ToList();
        foreach (var message in messages)
            await nodes[0].SubmitAsync(message, s_none);
        var elsewhere = Sample.Outbound();
        await nodes[1].SubmitAsync(elsewhere with { Message = elsewhere.Message with { Key = elsewhere.Message.Key with { Partner = new("OTHER") } } }, s_none);

        var first = await nodes[1].ClaimAsync(JobKind.Send, 10, s_minute, s_none);
        Assert.That(first.Select(j => j.MessageId), Is.EqualTo([messages[0].Message.Id, elsewhere.Message.Id]), "other partners do not wait");
        Assert.That(await nodes[0].ClaimAsync(JobKind.Send, 10, s_minute, s_none), Is.Empty);
        var retry = Sample.Step(MessageState.Submitted, MessageState.RetryWait, JobOutcome.Retry) with { RetryAfter = s_minute };
        await nodes[1].ApplyAsync(first[0], retry, s_none);
        Assert.That(await nodes[0].ClaimAsync(JobKind.Send, 10, s_minute, s_none), Is.Empty, "one that waits keeps the others back");
        await nodes[0].ReconcileAsync(messages[0].Message.Id, Sample.Step(MessageState.RetryWait, MessageState.Acknowledged), s_none);
        Assert.That((await nodes[0].ClaimAsync(JobKind.Send, 10, s_minute, s_none)).Single().MessageId, Is.EqualTo(messages[1].Message.Id));
    }

    [Test]
    public async Task a_reader_of_events_never_passes_one_that_is_still_to_come()
    {
        var node = Node();
        await node.AcceptAsync(Sample.Inbound(), s_none);
        await using var slow = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_options.ConnectionString) { SearchPath = _options.Schema }.ConnectionString);
        await slow.OpenAsync();
        await using var running = await slow.BeginTransactionAsync();
        await using (var begin = new NpgsqlCommand("SELECT pg_current_xact_id()", slow))
            await begin.ExecuteScalarAsync();
        await node.AcceptAsync(Sample.Inbound(), s_none);
        var seen = await node.ListEventsAsync(0, 10, s_none);
        Assert.That(seen, Has.Count.EqualTo(1), "the second is younger than a transaction that may still add");
        await running.CommitAsync();
        Assert.That(await node.ListEventsAsync(seen[^1].Sequence, 10, s_none), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task work_goes_on_after_the_database_cut_every_connection()
    {
        _options.ConnectionString += ";Application Name=" + _options.Schema;
        var node = Node();
        await node.AcceptAsync(Sample.Inbound(), s_none);
        _options.ConnectionString = TestDatabase.ConnectionString;
        TestDatabase.Run(_options, $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{_options.Schema}' AND pid <> pg_backend_pid()");
        var arrival = Sample.Inbound();
        AcceptOutcome? outcome = null;
        while (outcome is null)
        {
            try
            {
                outcome = await node.AcceptAsync(arrival, s_none);
            }
            catch (As2Exception e)
            {
                Assert.That(e.Id, Is.EqualTo("AS2-STORE-017"));
            }
        }
        Assert.That(outcome.Earlier?.Id ?? arrival.Message.Id, Is.EqualTo(arrival.Message.Id));
        Assert.That(await node.GetAsync(arrival.Message.Id, s_none), Is.Not.Null);
    }

    private PostgresStore Node()
    {
        var node = TestDatabase.Open(_options);
        lock (_nodes)
            _nodes.Add(node);
        return node;
    }
}
