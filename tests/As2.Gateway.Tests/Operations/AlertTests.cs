using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using As2.Certificates;
using As2.Testing;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Alerts;
using ManagedGateway.Operations.Notices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace As2.Gateway.Tests.Operations;

/// <summary>Alerts are raised once, told over every channel, and resolved with a notice; webhooks are signed and tried again.</summary>
[TestFixture(Kept.InFolder)]
[TestFixture(Kept.Shared)]
public sealed class AlertTests(Kept kept)
{
    private static async Task SucceedsAsync(Task<HttpResponseMessage> call)
    {
        var answer = await call;
        Assert.That(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task<T> Eventually<T>(Func<Task<T>> read, Func<T, bool> wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var value = await read();
            if (wanted(value))
                return value;
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>A receiver of webhooks on a real Kestrel, which fails as often as it is told.</summary>
    private sealed class HookSink : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private int _failures;

        public HookSink(int failures = 0)
        {
            _failures = failures;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.MapPost("/hook", async (HttpRequest request) =>
            {
                var body = await new StreamReader(request.Body).ReadToEndAsync();
                if (Interlocked.Decrement(ref _failures) >= 0)
                    return Results.StatusCode(503);
                Taken.Enqueue((request.Headers["As2-Signature"].ToString(), request.Headers["As2-Notice"].ToString(), body));
                return Results.NoContent();
            });
        }

        public ConcurrentQueue<(string Signature, string Notice, string Body)> Taken { get; } = new();

        public string Url => _app.Urls.First() + "/hook";

        public Task StartAsync() => _app.StartAsync();

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }

    [Test]
    public async Task a_certificate_that_ends_is_told_by_mail_once_with_each_step_and_its_end()
    {
        await using var mail = new SmtpSink(refusals: 1);
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var admin = world.Program(Role.PartnerAdmin);
        await SucceedsAsync(admin.PutAsJsonAsync("/api/v1/alerts/settings", new
        {
            Mail = new { Host = "127.0.0.1", Port = mail.Port, Security = "InsecurePlain", From = "as2@acme.example", To = new[] { "ops@acme.example" } },
            CertificateDays = new[] { 14, 7 },
        }));
        await SucceedsAsync(admin.PostAsJsonAsync("/api/v1/stations", new { Name = "OURS" }));
        var short_lived = CertificateFactory.CreateSelfSigned("SOON", DateTimeOffset.UtcNow.AddDays(-1), TimeSpan.FromDays(11), CertificateKeyKind.P256);
        var content = Convert.ToBase64String(short_lived.Der.Span);
        await SucceedsAsync(admin.PutAsJsonAsync("/api/v1/partnerships/OURS/SOON", new { Settings = new Dictionary<string, string>(), Certificate = new { Content = content } }));

        var engine = world.Get<AlertEngine>();
        await engine.LookAsync(default);
        await engine.LookAsync(default);
        await Eventually(() => Task.FromResult(mail.Mails.Count), count => count >= 2);
        Assert.That(mail.Mails, Has.Count.EqualTo(2), "verify and encrypt, each once, though looked at twice and refused once");
        Assert.That(mail.Mails.First(), Does.Contain("ends within 14 days").And.Contain("SOON").And.Contain("Auto-Submitted: auto-generated"));
        var open = (await admin.GetFromJsonAsync<JsonNode>("/api/v1/alerts?open=true"))!["items"]!.AsArray();
        Assert.That(open.Select(a => a!["kind"]!.GetValue<string>()), Is.EqualTo(["Certificate", "Certificate"]));

        await SucceedsAsync(admin.PutAsJsonAsync("/api/v1/alerts/settings", new
        {
            Mail = new { Host = "127.0.0.1", Port = mail.Port, Security = "InsecurePlain", From = "as2@acme.example", To = new[] { "ops@acme.example" } },
            CertificateDays = new[] { 14, 12 },
        }));
        await engine.LookAsync(default);
        await Eventually(() => Task.FromResult(mail.Mails.Count), count => count >= 4);
        Assert.That(mail.Mails.Skip(2), Is.All.Contain("ends within 12 days"), "the next step is told again");

        var next = Convert.ToBase64String(TestKeys.Rsa("SOON").Der.Span);
        await SucceedsAsync(admin.PostAsJsonAsync("/api/v1/partnerships/OURS/SOON/certificates", new { File = new { Content = next }, Use = new { SwitchAt = DateTimeOffset.UtcNow.AddDays(5) } }));
        await engine.LookAsync(default);
        await Eventually(() => Task.FromResult(mail.Mails.Count), count => count >= 6);
        Assert.That(mail.Mails.Skip(4), Is.All.Contain("Resolved:"));
        Assert.That((await admin.GetFromJsonAsync<JsonNode>("/api/v1/alerts?open=true"))!["items"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task each_state_of_a_message_is_told_signed_and_again_until_it_is_taken()
    {
        await using var hook = new HookSink(failures: 1);
        await hook.StartAsync();
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var admin = world.Program(Role.PartnerAdmin);
        var made = await admin.PostAsJsonAsync("/api/v1/webhooks", new { Name = "erp", Url = hook.Url, AllowPrivateAddresses = true });
        var secret = (await made.Content.ReadFromJsonAsync<JsonNode>())!["secret"]?.GetValue<string>();
        Assert.That(secret, Is.Not.Null, await made.Content.ReadAsStringAsync());
        Assert.That(await admin.GetStringAsync("/api/v1/webhooks"), Does.Not.Contain(secret!));
        var feed = world.Get<MessageFeed>();
        await feed.ReadStatesAsync(default);
        var sent = await admin.PostAsync("/api/v1/messages?local=US&partner=THEM&fileName=a.edi", new ByteArrayContent("UNA"u8.ToArray()));
        var id = (await sent.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<string>();

        var bodies = await Eventually(() => Task.FromResult(hook.Taken.ToList()), taken => taken.Any(t => t.Body.Contains("Acknowledged")));
        Assert.That(bodies.Select(b => b.Notice), Is.Unique);
        Assert.That(bodies.Select(b => JsonNode.Parse(b.Body)!["message"]!["state"]!.GetValue<string>()), Is.Unique, "each state once");
        foreach (var (signature, _, body) in bodies)
        {
            Assert.That(JsonNode.Parse(body)!["message"]!["id"]!.GetValue<string>(), Is.EqualTo(id));
            var seconds = signature.Split(',')[0]["t=".Length..];
            Assert.That(signature, Is.EqualTo($"t={seconds},v1={WebhookChannel.Sign(secret!, seconds, body)}"));
            var elsewhere = System.Security.Cryptography.HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret!), System.Text.Encoding.UTF8.GetBytes($"{seconds}.{body}"));
            Assert.That(signature, Does.EndWith(Convert.ToHexStringLower(elsewhere)));
        }
    }

    [Test]
    public async Task a_locked_user_and_an_altered_audit_log_are_matters_of_security()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        var users = world.Get<Users>();
        users.Add("test", new NewUser("victim", ConsoleWorld.Password, Role.Viewer));
        for (var i = 0; i < Users.MaxFailures; i++)
            Assert.That(users.SignIn("victim", "wrong wrong wrong"), Is.Null);
        await world.Get<AlertEngine>().LookAsync(default);
        using var viewer = world.Program(Role.Viewer);
        Assert.That(await viewer.GetStringAsync("/api/v1/alerts?open=true"), Does.Contain("victim is locked"));
        using var foreigner = world.Program(Role.Operator, "OTHER");
        Assert.That(await foreigner.GetStringAsync("/api/v1/alerts"), Does.Not.Contain("victim"), "the gateway's own alerts are for people of the whole gateway");
    }
}
