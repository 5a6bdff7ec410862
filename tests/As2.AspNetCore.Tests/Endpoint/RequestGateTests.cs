using System.Net;
using As2.Agreements;
using Microsoft.AspNetCore.Http;

namespace As2.AspNetCore.Tests.Endpoint;

/// <summary>Strangers' cryptography waits in line; partners' does not.</summary>
public sealed class RequestGateTests
{
    private static readonly Partnership s_partnership = new() { Local = new("ACME"), Partner = new("GLOBEX") };

    [Test]
    public async Task work_for_the_unproven_waits_for_a_turn_and_work_for_the_proven_does_not()
    {
        using var guard = Guard(new As2EndpointOptions { MaxUnprovenThreads = 1 });
        using var stranger = Gate(guard, "192.0.2.1");
        using var partner = Gate(guard, "192.0.2.2");
        await partner.AdmitAsync(s_partnership, default);
        await partner.LearnAsync(isProven: true, default);
        using var later = Gate(guard, "192.0.2.2");
        Assert.That((await later.AdmitAsync(s_partnership, default)).Reason, Is.Null);
        Assert.That((await stranger.AdmitAsync(s_partnership, default)).Reason, Is.Null);

        var taken = await guard.TakeTurnAsync(default);
        var waiting = stranger.TakeTurnAsync(default).AsTask();
        Assert.That(waiting.IsCompleted, Is.False);
        Assert.That(await later.TakeTurnAsync(default), Is.Null);
        taken.Dispose();
        (await waiting.WaitAsync(TimeSpan.FromSeconds(30)))!.Dispose();
    }

    [Test]
    public async Task what_a_signature_proved_ends_with_its_time()
    {
        var clock = new As2.Testing.ManualTime();
        using var guard = new EndpointGuard(new As2EndpointOptions { MaxUnprovenThreads = 1, ProvenFor = TimeSpan.FromHours(1) }, new PartnershipBook(), clock);
        using var first = Gate(guard, "192.0.2.2");
        await first.AdmitAsync(s_partnership, default);
        await first.LearnAsync(isProven: true, default);
        Assert.That(guard.Proven.Knows(s_partnership, IPAddress.Parse("192.0.2.2")));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.That(guard.Proven.Knows(s_partnership, IPAddress.Parse("192.0.2.2")), Is.False);
    }

    [Test]
    public async Task a_mapped_address_is_the_address_that_was_agreed()
    {
        using var guard = Guard(new As2EndpointOptions());
        using var gate = Gate(guard, "::ffff:192.0.2.7");
        var agreed = s_partnership with { Access = new AccessAgreement { Addresses = [IPNetwork.Parse("192.0.2.0/24")] } };
        Assert.That((await gate.AdmitAsync(agreed, default)).Reason, Is.Null);
        Assert.That(await gate.TakeTurnAsync(default), Is.Null, "an address that the agreement names needs no other proof");
    }

    private static EndpointGuard Guard(As2EndpointOptions options) => new(options, new PartnershipBook(), TimeProvider.System);

    private static RequestGate Gate(EndpointGuard guard, string address)
        => new(guard, new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } });
}
