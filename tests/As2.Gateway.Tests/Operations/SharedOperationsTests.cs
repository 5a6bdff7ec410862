using System.Net;
using System.Net.Http.Json;
using As2.Testing;
using ManagedGateway.Configuration;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Alerts;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Notices;
using ManagedGateway.Operations.Store;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Gateway.Tests.Operations;

/// <summary>Two nodes on one database: whoever is known, set or told at one is so at the other.</summary>
public sealed class SharedOperationsTests
{
    [Test]
    public async Task sessions_forms_tokens_and_links_of_one_node_are_good_at_the_other_and_once_only()
    {
        await using var one = await ConsoleWorld.StartAsync(kept: Kept.Shared);
        await using var other = await one.StartNodeAsync();
        var (here, there) = (one.Link!, other.Link!);

        // The form comes from one node, and goes to the other, as behind nginx.
        using var browser = Both();
        var form = await browser.GetStringAsync(new Uri(one.Address, new Uri(here).PathAndQuery));
        var made = await browser.PostAsync(
            new Uri(other.Address, new Uri(here).PathAndQuery), Fields(form, ("Name", "root"), ("Password", ConsoleWorld.Password), ("Again", ConsoleWorld.Password)));
        Assert.That(made.StatusCode, Is.EqualTo(HttpStatusCode.Found), await made.Content.ReadAsStringAsync());
        foreach (var node in (ConsoleWorld[])[one, other])
            Assert.That(await browser.GetStringAsync(new Uri(node.Address, "/api/v1/me")), Does.Contain("root"), "the session is everywhere");
        foreach (var (node, link) in ((ConsoleWorld, string)[])[(one, here), (other, here), (one, there), (other, there)])
            Assert.That(node.Get<FirstRun>().IsGood(link.Split("link=")[1]), Is.False, "every link is dead");

        using var program = other.Program(one.Token(Role.Operator));
        Assert.That(await program.GetStringAsync("/api/v1/me"), Does.Contain("Operator"));
        one.Get<Users>().Disable("test", one.Get<Users>().List().Single(u => u.Role == Role.Operator).Number, disabled: true);
        Assert.That((await program.GetAsync("/api/v1/me")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task what_is_saved_at_one_node_is_in_force_at_the_other_and_one_audit_log_tells_of_both()
    {
        await using var one = await ConsoleWorld.StartAsync(kept: Kept.Shared);
        await using var other = await one.StartNodeAsync();
        using var admin = one.Program(Role.PartnerAdmin);
        (await admin.PostAsJsonAsync("/api/v1/stations", new { Name = "NEW" })).EnsureSuccessStatusCode();
        await Eventually(() => other.Gateway.GetRequiredService<LiveSettings>().Current.Settings.As2.ToJsonString().Contains("\"NEW\"", StringComparison.Ordinal));

        // Names that cannot be twice, asked for at both at once; and lines of both, which stay one chain.
        var logs = (AuditLog[])[one.Get<AuditLog>(), other.Get<AuditLog>()];
        await Parallel.ForAsync(0, 60, (i, _) =>
        {
            logs[i % 2].Add("test", "test", $"{i}", "");
            return ValueTask.CompletedTask;
        });
        Assert.That(logs[0].Verify(), Is.EqualTo(logs[1].Verify()));
        Assert.That(logs[0].Verify().Broken, Is.Null);
        Assert.That(logs[0].Verify().Lines, Is.GreaterThanOrEqualTo(60));
        var wrong = Enumerable.Range(0, Users.MaxFailures).Select(i => (i % 2 == 0 ? one : other).Get<Users>()).ToList();
        one.Get<Users>().Add("test", new NewUser("ann", ConsoleWorld.Password, Role.Viewer));
        Assert.That(wrong.Select(users => users.SignIn("ann", "wrong wrong wrong")), Is.All.Null);
        Assert.That(other.Get<Users>().SignIn("ann", ConsoleWorld.Password), Is.Null, "locked at both");
    }

    [Test]
    public async Task an_alert_of_all_is_told_once_and_one_of_a_node_by_that_node()
    {
        await using var mail = new SmtpSink();
        await using var one = await ConsoleWorld.StartAsync(kept: Kept.Shared, adapt: file => file["Alerts"] = new System.Text.Json.Nodes.JsonObject
        {
            ["DiskFree"] = long.MaxValue,
            ["Mail"] = new System.Text.Json.Nodes.JsonObject
            {
                ["Host"] = "127.0.0.1", ["Port"] = mail.Port, ["Security"] = "InsecurePlain", ["From"] = "as2@acme.example", ["To"] = new System.Text.Json.Nodes.JsonArray("ops@acme.example"),
            },
        });
        await using var other = await one.StartNodeAsync();
        one.Get<Users>().Add("test", new NewUser("victim", ConsoleWorld.Password, Role.Viewer));
        for (var i = 0; i < Users.MaxFailures; i++)
            one.Get<Users>().SignIn("victim", "wrong wrong wrong");
        for (var i = 0; i < 3; i++)
            await Task.WhenAll(one.Get<AlertEngine>().LookAsync(default), other.Get<AlertEngine>().LookAsync(default));
        await Eventually(() => one.Get<Outbox>().Waiting().Count == 0);
        Assert.That(mail.Mails.Count(m => m.Contains("victim is locked", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(mail.Mails.Count(m => m.Contains("is nearly full", StringComparison.Ordinal)), Is.EqualTo(2), "the disk of each node");
        Assert.That(mail.Mails.Count(m => m.Contains("Resolved", StringComparison.Ordinal)), Is.Zero, "no node takes back what another one sees");
    }

    [Test]
    public async Task a_shared_folder_without_room_takes_no_new_work()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: Kept.Shared, adapt: file => file["Store"]!["LeastFreeBytes"] = long.MaxValue);
        using var program = world.Program(Role.Operator);
        var answer = await program.PostAsync("/api/v1/messages?local=US&partner=THEM", new ByteArrayContent("UNA"u8.ToArray()));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("where large contents are kept"));
    }

    [Test]
    public async Task a_node_with_another_key_is_refused_at_start_and_told_which()
    {
        await using var one = await ConsoleWorld.StartAsync(kept: Kept.Shared);
        using var data = new TempFolder();
        File.Copy(Path.Combine(one.Data, "gateway.json"), data["gateway.json"]);
        var store = ManagedGateway.GatewaySettings.Load(one.Data).Store!;
        using var database = OperationsDatabase.Open(data.Path, store, TimeProvider.System);
        Assert.That(
            () => SealCheck.Open(database, new ManagedGateway.Secrets.SecretBox(data.Path)),
            Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-SECRET-003").And.Message.Contains("secret.key"));
    }

    private static HttpClient Both()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });
        return client;
    }

    private static FormUrlEncodedContent Fields(string html, params (string Name, string Value)[] fields)
        => new(ConsoleWorld.Hidden(html).Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    private static async Task Eventually(Func<bool> so)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!so())
            await Task.Delay(50, limit.Token);
    }
}
