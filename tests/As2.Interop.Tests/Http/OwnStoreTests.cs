using As2.Agreements;
using As2.Payloads;
using As2.Storage;
using As2.Testing;

namespace As2.Interop.Tests.Http;

/// <summary>A sender without a host lives as long as its program: it keeps nothing of what it sent.</summary>
public sealed class OwnStoreTests
{
    [TestCase(100)]
    [TestCase(3_000_000)]
    public async Task what_was_sent_is_forgotten(int length)
    {
        await using var endpoint = await Endpoint.StartAsync(Sealed.AtBob(), Sealed.CertificatesOfBob);
        using var sender = Sender(endpoint.Port, out var agreement);
        var result = await sender.SendAsync(Payload.FromBytes(new byte[length], "order.edi"), agreement, default);
        Assert.That(result.IsAcknowledged, result.Reason);
        Assert.That((await endpoint.ReceivedAsync()).Content, Has.Length.EqualTo(length));
        await AssertEmptyAsync(sender.OwnStore!);
    }

    [Test]
    public async Task what_could_not_be_sent_is_forgotten_too()
    {
        using var sender = Sender(FreePort.TakeRange(1), out var agreement);
        var result = await sender.SendAsync(Payload.FromBytes(new byte[3_000_000], "order.edi"), agreement, default);
        Assert.That(result.State, Is.EqualTo(MessageState.RetryWait), result.Reason);
        await AssertEmptyAsync(sender.OwnStore!);
    }

    private static async Task AssertEmptyAsync(InMemoryStore store)
    {
        Assert.That(await store.ListAsync(new MessageQuery(), default), Is.Empty);
        Assert.That(await store.ListEventsAsync(0, 10, default), Is.Empty);
        Assert.That(await store.ClaimAsync(JobKind.Send, 10, TimeSpan.FromMinutes(1), default), Is.Empty);
        Assert.That(Directory.GetFiles(((Restart.IHasFolder)store).Folder, "*", SearchOption.AllDirectories), Is.Empty);
    }

    private static As2Sender Sender(int port, out Partnership agreement)
    {
        agreement = new Partnership { Local = new("Alice"), Partner = new("Bob"), Endpoint = new Uri($"http://127.0.0.1:{port}/as2"), Retry = new() { Waits = [TimeSpan.Zero] } };
        return As2Sender.Create(new PartnershipBook().Add(agreement, PartnershipCertificates.Of(Sealed.Alice, TestKeys.PublicOf(Sealed.Bob))));
    }
}
