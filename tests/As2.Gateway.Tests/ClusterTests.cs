using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using As2.Testing;
using ManagedGateway.Configuration;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Store;

namespace As2.Gateway.Tests;

/// <summary>Gateways on PostgreSQL: several nodes, and the way to there from one machine. The long campaign is eng/cluster.sh.</summary>
public sealed class ClusterTests
{
    [Test]
    public async Task a_share_of_the_cluster_campaign_ends_without_a_finding()
    {
        var campaign = await Command.RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "As2.Crash.dll"), "cluster", "--nodes", "3", "--seconds", "30", "--chaos", "true"],
            timeout: TimeSpan.FromMinutes(5));
        TestContext.Out.WriteLine(campaign.Text);
        Assert.That(campaign.ExitCode, Is.Zero, campaign.Text);
        Assert.That(campaign.Text, Does.Match("nodes 3, kills [0-9]+, database restarts [0-9]+, offered [1-9][0-9]*, delivered [1-9][0-9]*, lost 0, doubled 0, false receipts 0, stuck 0"));
    }

    [Test]
    public async Task a_gateway_moves_to_postgresql_and_goes_on_there_as_two_nodes()
    {
        using var database = new PostgresServer().Start();
        using var data = new TempFolder();
        using var second = new TempFolder();
        using var shared = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var world = TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        using (var operations = OperationsDatabase.Open(data.Path, null, TimeProvider.System))
        {
            var audit = new AuditLog(operations, TimeProvider.System);
            new Users(operations, audit, TimeProvider.System).Add("test", new NewUser("root", TestWorld.Password, Role.SecurityAdmin));
            new DatabaseManagedStore(operations, audit).Commit(new ManagedCommit(0, [new ManagedEntry(new EntryName(EntryKind.Organisation, "ACME"), [])], []) { Audit = ("test", "organisation.add", "ACME", "") });
        }
        await using (var gateway = GatewayProcess.Start(data.Path, "run"))
        {
            await gateway.SaysAsync("Ctrl+C");
            await SendAsync(world, gateway.Port, "small.edi", 5_000);
            await SendAsync(world, gateway.Port, "large.edi", 400_000);
            var busy = await RunAsync("migrate", "--to", "postgres", "--data", data.Path);
            Assert.That(busy.Error, Does.StartWith("GW-STORE-002"), "nothing says where to");
            AddStore(data.Path, database, shared.Path);
            busy = await RunAsync("migrate", "--to", "postgres", "--data", data.Path);
            Assert.That(busy.Error, Does.StartWith("AS2-STORE-001"), "the gateway is running");
        }
        var first = (await RunAsync("migrate", "--to", "postgres", "--data", data.Path)).Succeeded();
        Assert.That(first.Text, Does.Match("messages 2, parts [0-9]+, events [0-9]+, jobs 0, files [0-9]+, exchanges 0, bytes read back [0-9]+: the same on both sides"));
        Assert.That(first.Text, Does.Contain("users 1, lines of the audit log 2, saved entries 1: the same on both sides"));
        var again = (await RunAsync("migrate", "--to", "postgres", "--data", data.Path)).Succeeded();
        Assert.That(again.Text, Is.EqualTo(first.Text), "it can be repeated");

        using (var moved = OperationsDatabase.Open(data.Path, ManagedGateway.GatewaySettings.Load(data.Path).Store, TimeProvider.System))
        {
            var audit = new AuditLog(moved, TimeProvider.System);
            Assert.That(audit.Verify(), Is.EqualTo((2L, (long?)null)), "the chain holds");
            Assert.That(new Users(moved, audit, TimeProvider.System).SignIn("root", TestWorld.Password), Is.Not.Null);
            Assert.That(new Users(moved, audit, TimeProvider.System).Add("root", new NewUser("ann", TestWorld.Password, Role.Viewer)).Number, Is.EqualTo(2), "numbers go on");
            Assert.That(new DatabaseManagedStore(moved, audit).Version, Is.EqualTo(1));
        }
        CopySettings(data.Path, second.Path);
        await using var here = GatewayProcess.Start(data.Path, "run");
        await using var there = GatewayProcess.Start(second.Path, "run");
        await here.SaysAsync("Ctrl+C");
        await there.SaysAsync("Ctrl+C");
        await SendAsync(world, there.Port, "after.edi", 300_000);
        foreach (var node in (GatewayProcess[])[here, there])
        {
            await using var client = await world.ConnectAsync(node.Port);
            Assert.That((await client.ListAsync("/sent", default)).Select(f => f.Name), Is.EquivalentTo(["small.edi", "large.edi", "after.edi"]));
            foreach (var (name, length) in ((string, int)[])[("small.edi", 5_000), ("large.edi", 400_000), ("after.edi", 300_000)])
            {
                using var content = new MemoryStream();
                await client.DownloadAsync("/sent/" + name, content, default);
                Assert.That(content.ToArray(), Is.EqualTo(Content(name, length)));
            }
        }
        var backup = await RunAsync("backup", shared["backup"], "--data", data.Path);
        Assert.That(backup.Error, Does.StartWith("GW-STORE-001"));
    }

    [Test]
    public async Task nodes_leave_and_come_one_after_the_other_while_files_are_sent_and_none_is_lost_or_doubled()
    {
        using var database = new PostgresServer().Start();
        using var shared = new TempFolder();
        using var first = new TempFolder();
        using var second = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var world = TestWorld.Pair(first.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        AddStore(first.Path, database, shared.Path);
        CopySettings(first.Path, second.Path);
        var ports = new List<int>();
        var taken = new ConcurrentQueue<string>();
        await using var one = GatewayProcess.Start(first.Path, "run");
        await one.SaysAsync("Ctrl+C");
        CopySettings(first.Path, second.Path);
        await using var other = GatewayProcess.Start(second.Path, "run");
        await other.SaysAsync("Ctrl+C");
        ports.AddRange([one.Port, other.Port]);
        using var stop = new CancellationTokenSource();
        var clients = ports.Select((port, c) => Task.Run(() => KeepSendingAsync(world, () => ports[c], $"c{c}", taken, stop.Token))).ToList();

        // As an upgrade does it: each ends in order, and one with the new program takes its place.
        await ReachAsync(taken, 20);
        Assert.That(await one.InterruptAsync(), Is.Zero, one.Said);
        await using var oneAgain = GatewayProcess.Start(first.Path, "run");
        await oneAgain.SaysAsync("Ctrl+C");
        ports[0] = oneAgain.Port;
        await ReachAsync(taken, taken.Count + 20);
        Assert.That(await other.InterruptAsync(), Is.Zero, other.Said);
        await using var otherAgain = GatewayProcess.Start(second.Path, "run");
        await otherAgain.SaysAsync("Ctrl+C");
        ports[1] = otherAgain.Port;
        await ReachAsync(taken, taken.Count + 20);
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        // What a node held when it ended is another one's when its lease is over.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var client = await world.ConnectAsync(ports[0]);
        while ((await client.ListAsync("/sent", limit.Token)).Select(f => f.Name).ToHashSet() is var sent && !taken.All(sent.Contains))
            await Task.Delay(200, limit.Token);
        var arrived = (await partner.TakenAsync()).Select(t => t.Name).ToList();
        Assert.That(arrived, Is.Unique);
        Assert.That(taken.Except(arrived), Is.Empty);
    }

    private static async Task ReachAsync(ConcurrentQueue<string> taken, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (taken.Count < count)
            await Task.Delay(50, limit.Token);
    }

    // A file whose upload had no good end goes again under a name of its own, as a person would do it: only what was acknowledged counts.
    private static async Task KeepSendingAsync(TestWorld world, Func<int> port, string who, ConcurrentQueue<string> taken, CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested;)
        {
            try
            {
                await using var client = await world.ConnectAsync(port());
                for (; !stop.IsCancellationRequested; taken.Enqueue($"{who}-{number}.edi"))
                    await client.UploadAsync($"/outbox/{who}-{++number}.edi", new MemoryStream(Content(who, 3_000 + number)), default);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or As2Exception)
            {
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    private static void AddStore(string data, PostgresServer database, string shared)
    {
        var file = Path.Combine(data, "gateway.json");
        var settings = JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
        settings["Store"] = new JsonObject { ["Postgres"] = database.ConnectionString, ["Blobs"] = shared };
        File.WriteAllText(file, settings.ToJsonString());
    }

    private static void CopySettings(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from).Where(f => !Path.GetFileName(f).StartsWith("as2.db", StringComparison.Ordinal) && Path.GetFileName(f) is not "lock"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        Directory.CreateDirectory(Path.Combine(to, "keys"));
        foreach (var file in Directory.GetFiles(Path.Combine(from, "keys")))
            File.Copy(file, Path.Combine(to, "keys", Path.GetFileName(file)), overwrite: true);
    }

    private static byte[] Content(string name, int length) => [.. Enumerable.Repeat((byte)name[0], length)];

    private static Task<CommandResult> RunAsync(params string[] arguments)
        => Command.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "gateway.dll"), .. arguments]);

    private static async Task SendAsync(TestWorld world, int port, string name, int length)
    {
        await using var client = await world.ConnectAsync(port);
        await client.UploadAsync("/outbox/" + name, new MemoryStream(Content(name, length)), default);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await client.ListAsync("/sent", limit.Token)).Any(f => f.Name == name))
            await Task.Delay(50, limit.Token);
    }
}
