using System.Net;
using System.Net.Sockets;
using As2.Testing;
using As2.Transmission;

namespace As2.Core.Tests.Transmission;

/// <summary>Where the names of remote parties may lead.</summary>
public sealed class AddressGuardTests
{
    [TestCase("127.0.0.1")]
    [TestCase("127.8.8.8")]
    [TestCase("::1")]
    [TestCase("::")]
    [TestCase("0.0.0.0")]
    [TestCase("10.1.2.3")]
    [TestCase("172.31.255.255")]
    [TestCase("192.168.0.1")]
    [TestCase("100.64.0.1")]
    [TestCase("169.254.169.254")]
    [TestCase("224.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("::ffff:127.0.0.1")]
    [TestCase("::ffff:169.254.169.254")]
    [TestCase("::127.0.0.1")]
    [TestCase("64:ff9b::7f00:1")]
    [TestCase("64:ff9b::a9fe:a9fe")]
    [TestCase("2002:7f00:1::")]
    [TestCase("fe80::1")]
    [TestCase("fd00:ec2::254")]
    [TestCase("ff02::1")]
    public void an_address_of_our_own_network_is_not_public(string address)
        => Assert.That(AddressGuard.IsPublic(IPAddress.Parse(address)), Is.False);

    [TestCase("93.184.216.34")]
    [TestCase("172.32.0.1")]
    [TestCase("2606:2800:220:1:248:1893:25c8:1946")]
    [TestCase("64:ff9b::5db8:d822")]
    public void other_addresses_are(string address) => Assert.That(AddressGuard.IsPublic(IPAddress.Parse(address)), Is.True);

    [Test]
    public void a_name_that_leads_into_our_network_is_refused_with_the_way_out()
    {
        var guard = new AddressGuard(allowPrivate: false, (_, _) => Task.FromResult(new[] { IPAddress.Parse("169.254.169.254"), IPAddress.Loopback }));
        var refused = Assert.ThrowsAsync<AddressRefusedException>(async () => await guard.ConnectAsync(new DnsEndPoint("partner.example", 80), default));
        Assert.That(refused!.Message, Does.Contain("partner.example").And.Contain("AllowPrivateAddresses"));
    }

    [Test]
    public async Task a_name_is_looked_up_once_and_nothing_else_is_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var lookUps = 0;
        var guard = new AddressGuard(allowPrivate: true, (_, _) => Task.FromResult(new[] { lookUps++ == 0 ? IPAddress.Loopback : IPAddress.Parse("10.0.0.1") }));
        await using var stream = await guard.ConnectAsync(new DnsEndPoint("partner.example", ((IPEndPoint)listener.LocalEndpoint).Port), default).AsTask().WaitAsync(Command.Limit);
        Assert.That(lookUps, Is.EqualTo(1));
    }

    [TestCase("localhost")]
    [TestCase("127.0.0.1")]
    public async Task what_is_written_as_an_address_is_meant(string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var guard = new AddressGuard(allowPrivate: false, (_, _) => Task.FromResult(new[] { IPAddress.Loopback }));
        await using var stream = await guard.ConnectAsync(new DnsEndPoint(host, ((IPEndPoint)listener.LocalEndpoint).Port), default).AsTask().WaitAsync(Command.Limit);
        Assert.That(stream.CanWrite);
    }
}
