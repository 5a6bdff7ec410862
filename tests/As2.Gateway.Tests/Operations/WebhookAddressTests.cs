using System.Net;
using System.Net.Http.Json;
using ManagedGateway.Operations.Access;

namespace As2.Gateway.Tests.Operations;

/// <summary>Where a webhook may lead.</summary>
public sealed class WebhookAddressTests
{
    [TestCase("http://169.254.169.254/hook", true)]
    [TestCase("https://127.0.0.1/hook", false)]
    [TestCase("http://example.com/hook", false)]
    [TestCase("https://user:word@example.com/hook", false)]
    [TestCase("file:///etc/passwd", true)]
    public async Task a_webhook_into_our_own_network_is_refused(string url, bool allowPrivate)
    {
        var world = await UnchangedWorld.GetAsync();
        using var admin = world.Program(Role.PartnerAdmin);
        var answer = await admin.PostAsJsonAsync("/api/v1/webhooks", new { Name = "inner", Url = url, AllowPrivateAddresses = allowPrivate });
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), await answer.Content.ReadAsStringAsync());
    }
}
