using System.Security.Cryptography;
using As2.Ftp;
using As2.Headers;
using As2.Payloads;
using As2.Storage;
using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>kill -9 at random moments, both ways: what was acknowledged arrives once. The long campaign is eng/crash.sh.</summary>
public sealed class CrashTests
{
    private const int Kills = 6;

    [Test]
    public async Task a_share_of_the_campaign_ends_without_a_finding()
    {
        var campaign = await Command.RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "As2.Crash.dll"), "drive", "--kills", "1", "--random", "10", "--seconds", "100"],
            timeout: TimeSpan.FromMinutes(4));
        TestContext.Out.WriteLine(campaign.Text);
        Assert.That(campaign.ExitCode, Is.Zero, campaign.Text);
        Assert.That(campaign.Text, Does.Match("kills [1-9][0-9]*, offered [1-9].* lost 0, doubled 0, false receipts 0, stuck 0"));
    }

    [Test]
    public async Task what_was_uploaded_before_a_kill_is_sent_once()
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var world = TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        var port = FreePort.TakeRange(3);
        var acknowledged = new List<(string Name, string Sha256)>();
        for (var round = 0; round < Kills; round++)
        {
            await using var gateway = GatewayProcess.Start(data.Path, port, "run");
            await gateway.SaysAsync("Ctrl+C");
            var first = new TaskCompletionSource();
            var uploads = UploadAsync(world, port, round, name =>
            {
                acknowledged.Add(name);
                first.TrySetResult();
            });
            // A slow machine may not have taken anything yet; then this round would show nothing.
            await Task.WhenAny(first.Task, uploads);
            await Task.Delay(Random.Shared.Next(0, 1000));
            await gateway.KillAsync();
            await uploads;
        }

        await using var last = GatewayProcess.Start(data.Path, port, "run");
        await last.SaysAsync("Ctrl+C");
        await DrainAsync(world, port);
        var taken = await partner.TakenAsync();
        Assert.That(acknowledged, Is.Not.Empty);
        Assert.That(acknowledged.Where(a => taken.Count(t => t.Name == a.Name && t.Sha256 == a.Sha256) != 1), Is.Empty, "lost or doubled");
        Assert.That(taken.GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => g.Key), Is.Empty, "doubled");
    }

    [Test]
    public async Task what_was_acknowledged_before_a_kill_is_delivered_once()
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var world = TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        var port = FreePort.TakeRange(3);
        var (sender, partnership) = OutsidePartner.SenderTo(new Uri($"http://127.0.0.1:{port}/as2"));
        using var _ = sender;
        var offered = new List<string>();
        for (var round = 0; round < Kills; round++)
        {
            await using var gateway = GatewayProcess.Start(data.Path, port, "run");
            await gateway.SaysAsync("Ctrl+C");
            using var stop = new CancellationTokenSource();
            var first = new TaskCompletionSource();
            var sending = SendAsync(sender, partnership, round, name =>
            {
                offered.Add(name);
                first.TrySetResult();
            }, stop.Token);
            await Task.WhenAny(first.Task, sending);
            await Task.Delay(Random.Shared.Next(0, 1000));
            await gateway.KillAsync();
            await stop.CancelAsync();
            await sending;
        }

        await using var last = GatewayProcess.Start(data.Path, port, "run");
        await last.SaysAsync("Ctrl+C");
        await using var client = await world.ConnectAsync(port);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        IReadOnlyList<string> names;
        do
        {
            await Task.Delay(100, limit.Token);
            names = [.. (await client.ListAsync("/inbox", limit.Token)).Select(f => f.Name)];
        }
        while (offered.Except(names).Any());
        Assert.That(offered, Is.Not.Empty);
        Assert.That(names, Has.None.Match("-2\\."), "doubled");
    }

    private static async Task UploadAsync(TestWorld world, int port, int round, Action<(string Name, string Sha256)> acknowledge)
    {
        try
        {
            await using var client = await world.ConnectAsync(port);
            for (var i = 0; i < 100; i++)
            {
                var (name, content) = ($"file_{round}_{i}.edi", RandomNumberGenerator.GetBytes(2000));
                await client.UploadAsync("/outbox/" + name, new MemoryStream(content), default);
                acknowledge((name, Convert.ToHexStringLower(SHA256.HashData(content))));
            }
        }
        catch (FtpException)
        {
            // The kill: what had no 226 was not acknowledged.
        }
    }

    private static async Task SendAsync(
        As2Sender sender, Agreements.Partnership partnership, int round, Action<string> acknowledge, CancellationToken stop)
    {
        for (var i = 0; i < 100 && !stop.IsCancellationRequested; i++)
        {
            var name = $"order_{round}_{i}.edi";
            var result = await sender.SendAsync(Payload.FromBytes(RandomNumberGenerator.GetBytes(2000), name), partnership, default);
            if (result.State == MessageState.Acknowledged)
                acknowledge(name);
        }
    }

    private static async Task DrainAsync(TestWorld world, int port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await using var client = await world.ConnectAsync(port);
        while ((await client.ListAsync("/outbox", limit.Token)).Count > 0)
            await Task.Delay(100, limit.Token);
    }
}
