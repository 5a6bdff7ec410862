using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>A backup is made while the gateway works, and a gateway starts on it.</summary>
public sealed class BackupTests
{
    [Test]
    public async Task a_backup_of_a_running_gateway_is_a_gateway()
    {
        using var data = new TempFolder();
        using var copies = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var world = TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        await using (var gateway = GatewayProcess.Start(data.Path, "run"))
        {
            await gateway.SaysAsync("Ctrl+C");
            await SendAsync(world, gateway.Port, "before.edi");
            (await RunAsync("backup", copies["backup"], "--data", data.Path)).Succeeded();
            await SendAsync(world, gateway.Port, "after.edi");
            var again = await RunAsync("backup", copies["backup"], "--data", data.Path);
            Assert.That(again.ExitCode, Is.EqualTo(1), "no backup is written over another");
            Assert.That(again.Error, Does.StartWith("AS2-STORE-010"));
        }

        // A backup alone opens nothing: the key of its secrets comes from where the operator keeps it.
        var key = Path.Combine(data.Path, "secret.key");
        Assert.That(File.Exists(Path.Combine(copies["backup"], "secret.key")), Is.False);
        File.Copy(key, Path.Combine(copies["backup"], "secret.key"));

        await using var restored = GatewayProcess.Start(copies["backup"], "run");
        await restored.SaysAsync("Ctrl+C");
        await using var client = await world.ConnectAsync(restored.Port);
        Assert.That((await client.ListAsync("/sent", default)).Select(f => f.Name), Is.EqualTo(["before.edi"]));
        using var content = new MemoryStream();
        await client.DownloadAsync("/sent/before.edi", content, default);
        Assert.That(content.ToArray(), Is.EqualTo(Content("before.edi")));
        await SendAsync(world, restored.Port, "restored.edi");
    }

    private static byte[] Content(string name) => [.. Enumerable.Repeat((byte)name[0], 300_000)];

    private static Task<CommandResult> RunAsync(params string[] arguments)
        => Command.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "gateway.dll"), .. arguments]);

    private static async Task SendAsync(TestWorld world, int port, string name)
    {
        await using var client = await world.ConnectAsync(port);
        await client.UploadAsync("/outbox/" + name, new MemoryStream(Content(name)), default);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await client.ListAsync("/sent", limit.Token)).Any(f => f.Name == name))
            await Task.Delay(50, limit.Token);
    }
}
