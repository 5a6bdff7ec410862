using System.Net.Http.Json;
using System.Security.Cryptography;
using As2.Ftp;
using As2.Storage;
using As2.Testing;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Figures;

namespace As2.Gateway.Tests.Operations;

/// <summary>What is billed is what the message table holds, and what the partner holds, after power cuts too.</summary>
public sealed class MeteringTests
{
    private const int Kills = 3;

    [Test]
    public async Task the_figures_reconcile_with_the_message_table_over_crashes()
    {
        var data = new TempFolder();
        var partner = await OutsidePartner.StartAsync();
        var pair = TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        var port = FreePort.TakeRange(3);
        for (var round = 0; round < Kills; round++)
        {
            await using var gateway = GatewayProcess.Start(data.Path, port, "run");
            await gateway.SaysAsync("Ctrl+C");
            var first = new TaskCompletionSource();
            var uploads = UploadAsync(pair, port, round, first);
            await Task.WhenAny(first.Task, uploads);
            await gateway.KillAsync();
            await uploads;
        }

        await using var world = await ConsoleWorld.StartBareAsync(data, partner, console: true);
        await DrainAsync(world);
        using var viewer = world.Program(Role.Viewer);
        var usage = (await viewer.GetFromJsonAsync<List<UsageLine>>("/api/v1/usage?from=2020-01&to=2021-12", JsonOptions))!;
        Assert.That(usage, Is.Empty, "no month but ours");
        var month = $"{DateTimeOffset.UtcNow:yyyy-MM}";
        usage = (await viewer.GetFromJsonAsync<List<UsageLine>>($"/api/v1/usage?from={month}&to={month}", JsonOptions))!;

        // Each message read one by one, the store's own way.
        var (journal, all) = (world.Get<IMessageJournal>(), new List<MessageSummary>());
        for (string? before = null; ; before = all[^1].Id)
        {
            var page = await journal.ListAsync(new MessageQuery { Before = before, Max = 100 }, default);
            all.AddRange(page);
            if (page.Count < 100)
                break;
        }
        var billed = all.Where(m => m.State is MessageState.Acknowledged or MessageState.Accepted or MessageState.Delivered)
            .GroupBy(m => (m.Key.Direction, m.Key.Partner.Value)).ToDictionary(g => g.Key, g => (Messages: (long)g.Count(), Bytes: g.Sum(m => m.Length)));
        Assert.That(usage.ToDictionary(u => (u.Direction, u.Partner), u => (u.Messages, u.Bytes)), Is.EquivalentTo(billed));
        Assert.That(billed, Is.Not.Empty);
        var taken = await partner.TakenAsync();
        Assert.That(usage.Where(u => u.Direction == MessageDirection.Outbound).Sum(u => u.Messages), Is.EqualTo(taken.Count), "each that the partner took once, and no repeat");

        var csv = (await viewer.GetStringAsync($"/api/v1/usage?from={month}&to={month}&format=csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).ToList();
        Assert.That(csv.Sum(l => long.Parse(l.Split(',')[^2])), Is.EqualTo(usage.Sum(u => u.Messages)));
        Assert.That(csv.Sum(l => long.Parse(l.Split(',')[^1])), Is.EqualTo(usage.Sum(u => u.Bytes)));
    }

    private static System.Text.Json.JsonSerializerOptions JsonOptions { get; } = new(System.Text.Json.JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    private static async Task UploadAsync(TestWorld pair, int port, int round, TaskCompletionSource first)
    {
        try
        {
            await using var client = await pair.ConnectAsync(port);
            for (var i = 0; i < 40; i++)
            {
                await client.UploadAsync($"/outbox/m_{round}_{i}.edi", new MemoryStream(RandomNumberGenerator.GetBytes(500 + 37 * i)), default);
                if (i == 5)
                    first.TrySetResult();
            }
        }
        catch (FtpException)
        {
            // The kill.
        }
    }

    private static async Task DrainAsync(ConsoleWorld world)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var journal = world.Get<IMessageJournal>();
        while ((await journal.ListAsync(new MessageQuery { Max = 1000 }, limit.Token)).Any(m => m.State is not (MessageState.Acknowledged or MessageState.Delivered)))
            await Task.Delay(100, limit.Token);
    }
}
