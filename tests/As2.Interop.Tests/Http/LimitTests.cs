using System.Net;
using System.Text.RegularExpressions;
using As2.Agreements;
using As2.AspNetCore;
using As2.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Interop.Tests.Http;

/// <summary>What callers may use of the endpoint: those who are proven, and those who are not.</summary>
public sealed partial class LimitTests
{
    private static readonly IPAddress s_elsewhere = IPAddress.Parse("127.0.0.2");
    private static readonly SecurityRequirements s_plain = new() { RequireEncrypted = false, RequireSigned = false };

    [Test]
    public async Task strangers_who_hold_every_place_of_theirs_keep_no_partner_out()
    {
        await using var endpoint = await StartAsync(http => (http.MaxUnprovenRequestsAtOnce, http.MinBodyBytesPerSecond) = (1, 0));
        Assert.That((await endpoint.PostAsync(Sealed.Of(new()))).Status, Is.EqualTo(200), "the signature proves the address");
        await endpoint.ReceivedAsync();

        await using var slow = await HoldAsync(endpoint, s_elsewhere);
        var other = await endpoint.PostAsync(Sealed.Of(new()), s_elsewhere);
        Assert.That((other.Status, other.Headers["Retry-After"]), Is.EqualTo((503, "10")));
        Assert.That(other.Text, Does.StartWith("Reference: "));
        Assert.That((await endpoint.PostAsync(Sealed.Of(new()))).Text, Does.Contain("; processed\r\n"));
        await endpoint.ReceivedAsync();
    }

    [Test]
    public async Task an_address_that_only_fails_is_heard_no_more_and_a_partner_beside_it_is()
    {
        await using var endpoint = await StartAsync(http => http.MaxFailuresPerMinute = 3, new SecurityRequirements());
        await endpoint.PostAsync(Sealed.Of(new()));
        await endpoint.ReceivedAsync();
        var garbage = Sealed.Of(new());
        for (var i = 0; i < 3; i++)
            Assert.That((await endpoint.PostAsync(garbage.Damaged(garbage.Body.Length / 2), s_elsewhere)).Status, Is.EqualTo(200), "a negative receipt");
        var refused = await endpoint.PostAsync(Sealed.Of(new()), s_elsewhere);
        Assert.That((refused.Status, refused.Headers["Retry-After"]), Is.EqualTo((429, "60")));
        Assert.That((await endpoint.PostAsync(Sealed.Of(new()))).Text, Does.Contain("; processed\r\n"));
        await endpoint.ReceivedAsync();
    }

    [Test]
    public async Task a_partner_has_as_many_requests_as_its_agreement_says()
    {
        await using var endpoint = await StartAsync(
            http => http.MinBodyBytesPerSecond = 0, s_plain, new AccessAgreement { Addresses = [IPNetwork.Parse("127.0.0.0/8")], MaxRequestsAtOnce = 1, MaxRequestsPerMinute = 4 });
        await using (await HoldAsync(endpoint, s_elsewhere))
            Assert.That((await endpoint.PostAsync(Sealed.Of(new()))).Status, Is.EqualTo(503));
        var statuses = new List<int>();
        while (statuses.Count < 4)
            statuses.Add((await endpoint.PostAsync(Sealed.Of(new()))).Status);
        Assert.That(statuses[^1], Is.EqualTo(429));
        Assert.That(statuses, Does.Contain(200).Or.Contain(503));
    }

    [Test]
    public async Task a_request_that_takes_too_long_hears_408_and_leaves_nothing()
    {
        await using var endpoint = await StartAsync(http => (http.MaxRequestTime, http.MinBodyBytesPerSecond) = (TimeSpan.FromSeconds(1), 0));
        await using var slow = await HoldAsync(endpoint);
        var answer = await slow.ReadAsync();
        Assert.That((answer.Status, answer.Headers["Connection"]), Is.EqualTo((408, "close")));
        Assert.That(endpoint.IsIdle);
    }

    [Test]
    public async Task from_another_address_than_agreed_a_partner_is_a_stranger_like_any_other()
    {
        await using var endpoint = await StartAsync(_ => { }, s_plain, new AccessAgreement { Addresses = [IPNetwork.Parse("127.0.0.1/32")] });
        Assert.That((await endpoint.PostAsync(Sealed.Of(new()))).Text, Does.Contain("; processed\r\n"));
        await endpoint.ReceivedAsync();
        var keptOut = await endpoint.PostAsync(Sealed.Of(new()), s_elsewhere);
        var stranger = await endpoint.PostAsync(Sealed.Of(new()).With("AS2-From", "Malle"), s_elsewhere);
        Assert.That(Shape(keptOut), Is.EqualTo(Shape(stranger).Replace("Malle", "Alice", StringComparison.Ordinal)));
        Assert.That(endpoint.IsIdle);
    }

    [Test]
    public async Task more_requests_at_once_than_the_endpoint_takes_hear_503_before_a_name_is_read()
    {
        await using var endpoint = await StartAsync(http => (http.MaxRequestsAtOnce, http.MinBodyBytesPerSecond) = (1, 0));
        await using var held = await HoldAsync(endpoint);
        var refused = await endpoint.PostAsync(Sealed.Of(new()).With("AS2-From", "Nobody"));
        Assert.That((refused.Status, refused.Headers["Retry-After"], refused.Headers["Connection"]), Is.EqualTo((503, "5", "close")));
    }

    [Test]
    public async Task a_host_that_stops_finishes_what_is_under_way()
    {
        await using var endpoint = await StartAsync(http => http.MinBodyBytesPerSecond = 0);
        var message = Sealed.Of(new());
        var request = RawHttp.Request("/as2", message.Headers, message.Body);
        await using var slow = await HoldAsync(endpoint, message: message);
        var stopping = endpoint.StopAsync();
        await slow.WriteAsync(request.AsMemory(request.Length - 1));
        var answer = await slow.ReadAsync();
        Assert.That(answer.Text, Does.Contain("; processed\r\n"));
        await stopping.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.That(async () => await RawHttp.ConnectAsync(endpoint.Port), Throws.InstanceOf<System.Net.Sockets.SocketException>());
    }

    [Test]
    public async Task header_fields_beyond_the_endpoints_own_limit_are_refused()
    {
        await using var endpoint = await StartAsync(http => http.MaxHeaderBytes = 2048);
        Assert.That((await endpoint.PostAsync(Sealed.Of(new()).With("X-Padding", new string('x', 2048)))).Status, Is.EqualTo(431));
        Assert.That((await endpoint.PostAsync(Sealed.Of(new()))).Status, Is.EqualTo(200));
        await endpoint.ReceivedAsync();
    }

    private static Task<Endpoint> StartAsync(Action<As2EndpointOptions> http, SecurityRequirements? receiving = null, AccessAgreement? access = null)
        => Endpoint.StartAsync(
            Sealed.AtBob(receiving ?? s_plain) with { Access = access ?? new() }, Sealed.CertificatesOfBob, options => options.FailureGrid = TimeSpan.Zero,
            services: services => services.Configure(http));

    /// <summary>A request all but whose last octet has come, and that the endpoint is reading.</summary>
    private static async Task<RawHttp> HoldAsync(Endpoint endpoint, IPAddress? from = null, Sealed? message = null)
    {
        message ??= Sealed.Of(new());
        var octets = RawHttp.Request("/as2", message.With("Expect", "100-continue").Headers, message.Body);
        var connection = await RawHttp.ConnectAsync(endpoint.Port, from);
        await connection.WriteAsync(octets.AsMemory(0, octets.Length - message.Body.Length));
        Assert.That((await connection.ReadAsync()).Status, Is.EqualTo(100), "it is let in, and read");
        await connection.WriteAsync(octets.AsMemory(octets.Length - message.Body.Length, message.Body.Length - 1));
        return connection;
    }

    /// <summary>An answer without what differs each time.</summary>
    private static string Shape(RawHttpMessage answer)
        => $"{answer.Status}\n{string.Join('\n', answer.Headers.Where(h => h.Key is not ("Date" or "Message-ID")).Select(h => $"{h.Key}: {Varying().Replace(h.Value, "*")}"))}\n{Varying().Replace(answer.Text, "*")}";

    [GeneratedRegex("<[^>]*@[^>]*>|[0-9A-Fa-f]{16,}|=_[-_A-Za-z0-9=+/.]+|--+[-_A-Za-z0-9=+/.]+|boundary=\"[^\"]*\"|Reference: .*")]
    private static partial Regex Varying();
}
