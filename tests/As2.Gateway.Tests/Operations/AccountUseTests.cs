using As2.Ftp;
using As2.Payloads;
using As2.Storage;
using ManagedGateway.Accounts;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;

namespace As2.Gateway.Tests.Operations;

/// <summary>When an account was used last.</summary>
public sealed class AccountUseTests
{
    [Test]
    public async Task a_sign_in_and_a_pick_up_over_ftps_are_told_also_after_a_restart()
    {
        var data = new As2.Testing.TempFolder();
        await using var world = await ConsoleWorld.StartAsync(data);
        var everybody = new Caller(1, "test", Role.Viewer, null);
        var list = world.Get<AccountList>();
        Assert.That((await list.ReadAsync(everybody, default)).Select(a => (a.SignedIn, a.PickedUp)), Is.All.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null)));

        var (sender, partnership) = OutsidePartner.SenderTo(world.As2Address);
        using (sender)
            Assert.That((await sender.SendAsync(Payload.FromBytes("UNB"u8.ToArray(), "b.edi"), partnership, default)).State, Is.EqualTo(MessageState.Acknowledged));
        var began = DateTimeOffset.UtcNow.AddSeconds(-1);
        await using (var client = await world.ConnectAsync("tester", TestWorld.Password))
        {
            var signedIn = (await list.ReadAsync(everybody, default)).Single();
            Assert.That((signedIn.SignedIn > began, signedIn.PickedUp), Is.EqualTo((true, (DateTimeOffset?)null)), "nothing was taken yet");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while ((await client.ListAsync("/inbox", limit.Token)).Count == 0)
                await Task.Delay(50, limit.Token);
            await using var file = new MemoryStream();
            await client.DownloadAsync("/inbox/b.edi", file, limit.Token);
            while ((await list.ReadAsync(everybody, limit.Token)).Single().PickedUp is null)
                await Task.Delay(50, limit.Token);
        }
        await world.StopAsync();
        await using var again = await ConsoleWorld.StartAsync(data);
        Assert.That(again.Get<AccountUses>().Read()["tester"].PickedUp, Is.GreaterThan(began));
    }
}
