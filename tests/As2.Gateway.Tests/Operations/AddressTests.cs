using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;
using Microsoft.AspNetCore.Components;

namespace As2.Gateway.Tests.Operations;

/// <summary>What links and pages for partners say of where we are.</summary>
public sealed class AddressTests
{
    [Test]
    public async Task links_name_the_address_that_is_set_whatever_host_a_request_names()
    {
        await using var world = await ConsoleWorld.StartAsync(adapt: file => file["Console"]!["Hosts"] = new JsonArray("console.acme.example"));
        using var admin = world.Program(Role.PartnerAdmin);
        var addresses = world.Get<PublicAddresses>();
        Assert.That(addresses.As2, Is.EqualTo(world.As2Address.ToString()), "the listener's, until one is set");
        var set = await admin.PutAsJsonAsync("/api/v1/addresses", new { As2 = "https://as2.acme.example/as2", Console = "https://console.acme.example/" });
        Assert.That(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());

        Assert.That(addresses.As2, Is.EqualTo("https://as2.acme.example/as2"));
        Assert.That(addresses.Console(new Poisoned(), "/onboarding/word"), Is.EqualTo("https://console.acme.example/onboarding/word"));
        Assert.That((await admin.GetFromJsonAsync<JsonNode>("/api/v1/addresses"))!["console"]!.GetValue<string>(), Is.EqualTo("https://console.acme.example/"));

        using var foreigner = world.Program(Role.PartnerAdmin, "ACME");
        Assert.That((await foreigner.PutAsJsonAsync("/api/v1/addresses", new { As2 = "https://evil.example/" })).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "the whole gateway's");
    }

    [TestCase("javascript:alert(1)")]
    [TestCase("https://user:word@as2.example/as2")]
    [TestCase("as2.example/as2")]
    public async Task an_address_that_is_none_is_refused(string address)
    {
        var world = await UnchangedWorld.GetAsync();
        using var admin = world.Program(Role.PartnerAdmin);
        Assert.That((int)(await admin.PutAsJsonAsync("/api/v1/addresses", new { As2 = address })).StatusCode, Is.InRange(400, 422));
        Assert.That(world.Get<PublicAddresses>().As2, Is.EqualTo(world.As2Address.ToString()));
    }

    private sealed class Poisoned : NavigationManager
    {
        public Poisoned() => Initialize("https://evil.example/", "https://evil.example/users");
    }
}
