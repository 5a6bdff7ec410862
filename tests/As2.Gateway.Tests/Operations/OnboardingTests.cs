using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using As2.Certificates;
using As2.Payloads;
using As2.Storage;
using As2.Testing;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Onboarding;

namespace As2.Gateway.Tests.Operations;

/// <summary>The page that a partner is sent: open to who has its address, live, and closed again.</summary>
[TestFixture(Kept.InFolder)]
[TestFixture(Kept.Shared)]
public sealed class OnboardingTests(Kept kept)
{
    [Test]
    public async Task a_link_shows_our_side_and_follows_the_first_messages()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var admin = world.Program(Role.PartnerAdmin, "ACME");
        var made = await admin.PostAsJsonAsync("/api/v1/onboarding-links", new { Local = "US", Partner = "THEM", Address = "https://as2.acme.example/as2" });
        var path = (await made.Content.ReadFromJsonAsync<JsonNode>())!["path"]!.GetValue<string>();
        var word = path["/onboarding/".Length..];
        Assert.That(await admin.GetStringAsync("/api/v1/onboarding-links"), Does.Not.Contain(word), "only its hash is kept");

        var desk = world.Get<OnboardingDesk>();
        var page = (await desk.ReadAsync(word, default))!;
        Assert.That((page.OurName, page.YourName, page.Address), Is.EqualTo(("US", "THEM", "https://as2.acme.example/as2")));
        Assert.That(page.Steps.Select(s => s.IsDone), Is.EqualTo([true, true, false, false]));

        using var stranger = world.Browser();
        foreach (var (form, read) in new (string, Func<byte[], As2Certificate>)[] { ("pem", b => CertificateFile.Parse(b)), ("der", b => CertificateFile.Parse(b)), ("p7b", b => CertificateFile.Parse(b)) })
        {
            var file = await stranger.GetByteArrayAsync($"{path}/certificates/{page.Certificates[0].Sha256}/{form}");
            using var certificate = read(file);
            Assert.That((certificate.Thumbprint, certificate.Certificate.HasPrivateKey), Is.EqualTo((OutsidePartner.Ours.Thumbprint, false)), form);
        }

        using (var operatorOf = world.Program(Role.Operator))
            await operatorOf.PostAsync("/api/v1/messages?local=US&partner=THEM", new ByteArrayContent("UNA"u8.ToArray()));
        var (sender, partnership) = OutsidePartner.SenderTo(world.As2Address);
        using (sender)
            Assert.That((await sender.SendAsync(Payload.FromBytes("UNB"u8.ToArray(), "b.edi"), partnership, default)).State, Is.EqualTo(MessageState.Acknowledged));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await desk.ReadAsync(word, limit.Token))!.IsDone)
            await Task.Delay(50, limit.Token);

        var hash = (await admin.GetFromJsonAsync<JsonNode>("/api/v1/onboarding-links"))![0]!["hash"]!.GetValue<string>();
        using var foreigner = world.Program(Role.PartnerAdmin, "OTHER");
        Assert.That((await foreigner.DeleteAsync($"/api/v1/onboarding-links/{hash}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await admin.DeleteAsync($"/api/v1/onboarding-links/{hash}")).IsSuccessStatusCode);
        Assert.That(await desk.ReadAsync(word, default), Is.Null);
        Assert.That((await stranger.GetAsync($"{path}/certificates/{page.Certificates[0].Sha256}/pem")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("javascript:alert(1)")]
    [TestCase("https://user:word@as2.example/as2")]
    [TestCase("//evil.example")]
    public async Task an_address_that_is_none_makes_no_link(string address)
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var admin = world.Program(Role.PartnerAdmin);
        Assert.That((await admin.PostAsJsonAsync("/api/v1/onboarding-links", new { Local = "US", Partner = "THEM", Address = address })).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }
}
