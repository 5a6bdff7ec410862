using System.Text.Json.Nodes;
using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>Gateways on PostgreSQL: several nodes, and the way to there from one machine. The long campaign is eng/cluster.sh.</summary>
public sealed class ClusterTests
{
    [Test]
    [NonParallelizable]
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
        var again = (await RunAsync("migrate", "--to", "postgres", "--data", data.Path)).Succeeded();
        Assert.That(again.Text, Is.EqualTo(first.Text), "it can be repeated");

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
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        Directory.CreateDirectory(Path.Combine(to, "keys"));
        foreach (var file in Directory.GetFiles(Path.Combine(from, "keys")))
            File.Copy(file, Path.Combine(to, "keys", Path.GetFileName(file)));
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
