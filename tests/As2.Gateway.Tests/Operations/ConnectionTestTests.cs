using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using As2.Certificates;
using As2.Storage;
using As2.Testing;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace As2.Gateway.Tests.Operations;

/// <summary>The connection test against real servers, good and bad.</summary>
public sealed class ConnectionTestTests
{
    private static async Task<List<TestStep>> RunAsync(ConsoleWorld world, string endpoint, bool ping = false, As2Certificate? tls = null)
    {
        using var admin = world.Program(Role.PartnerAdmin);
        var settings = new Dictionary<string, string> { ["Endpoint"] = endpoint, ["AllowPrivateAddresses"] = "true", ["ConnectTimeout"] = "5s" };
        var pem = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(CertificateFile.ToPem(OutsidePartner.Theirs)));
        var put = await admin.PutAsJsonAsync("/api/v1/partnerships/US/TESTED", new { Settings = settings, Certificate = new { Content = pem } });
        Assert.That(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        if (tls is not null)
        {
            var content = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(CertificateFile.ToPem(tls)));
            var added = await admin.PostAsJsonAsync("/api/v1/partnerships/US/TESTED/certificates", new { File = new { Content = content }, Use = new { For = "tls-server" } });
            Assert.That(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        }
        var partner = ping ? "THEM" : "TESTED";
        var answer = await admin.PostAsync($"/api/v1/partnerships/US/{partner}/test?ping={ping}", null);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        var steps = await answer.Content.ReadFromJsonAsync<List<TestStep>>(new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerDefaults.Web));
        Assert.That(steps!.Where((_, i) => i % 2 == 0).Select(s => s.State), Is.All.EqualTo(StepState.Running), "each step is told of when it begins");
        return [.. steps!.Where(s => s.State != StepState.Running)];
    }

    [Test]
    public async Task a_message_goes_and_its_receipt_comes_and_nothing_of_it_is_stored_or_billed()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var steps = await RunAsync(world, world.Partner.Endpoint.AbsoluteUri, ping: true);
        Assert.That(steps.Select(s => (s.Name, s.State)), Is.EqualTo([
            ("Address", StepState.Doubtful), ("Name", StepState.LeftOut), ("Connection", StepState.Passed), ("Http", StepState.Passed), ("As2", StepState.Passed),
        ]), string.Join('\n', steps));
        Assert.That((await world.Partner.TakenAsync()).Select(t => t.Name), Is.EqualTo(["connection-test.txt"]));
        Assert.That(await world.Get<IMessageJournal>().ListAsync(new MessageQuery(), default), Is.Empty);
    }

    [Test]
    public async Task a_closed_port_ends_it_with_the_step_that_failed()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var steps = await RunAsync(world, $"http://127.0.0.1:{FreePort.TakeRange(1)}/as2");
        Assert.That((steps[^1].Name, steps[^1].State), Is.EqualTo(("Connection", StepState.Failed)), string.Join('\n', steps));
    }

    [Test]
    public async Task a_name_that_is_not_there_ends_it_at_the_name()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var steps = await RunAsync(world, "https://no-such-host.invalid/as2");
        Assert.That((steps[^1].Name, steps[^1].State), Is.EqualTo(("Name", StepState.Failed)), string.Join('\n', steps));
    }

    [Test]
    public async Task a_server_that_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var world = await ConsoleWorld.StartAsync();
        var test = RunAsync(world, $"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/as2");
        using (await silent.AcceptTcpClientAsync())
        {
            // The first connection only looks whether the port is open; the second waits for TLS until it is cut.
            using var second = await silent.AcceptTcpClientAsync();
            second.Client.Close(0);
        }
        var steps = await test;
        Assert.That((steps[^1].Name, steps[^1].State), Is.EqualTo(("Tls", StepState.Failed)), string.Join('\n', steps));
    }

    [Test]
    public async Task tls_shows_the_chain_and_why_it_is_not_trusted()
    {
        var certificate = TestKeys.Rsa("tls-server");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate.Certificate)));
        await using var server = builder.Build();
        server.MapMethods("/as2", ["HEAD"], () => Results.StatusCode(405));
        await server.StartAsync();
        var endpoint = server.Urls.First() + "/as2";

        await using var world = await ConsoleWorld.StartAsync();
        var untrusted = await RunAsync(world, endpoint);
        Assert.That((untrusted[^1].Name, untrusted[^1].State), Is.EqualTo(("Tls", StepState.Failed)), string.Join('\n', untrusted));
        Assert.That(untrusted[^1].Text, Does.Contain("CN=tls-server").And.Contain("tls-server)"));
        var pinned = await RunAsync(world, endpoint, tls: certificate);
        Assert.That(pinned.Select(s => (s.Name, s.State)), Does.Contain(("Tls", StepState.Passed)).And.Contain(("Http", StepState.Passed)), string.Join('\n', pinned));
    }

    [Test]
    public async Task a_viewer_and_a_foreigner_test_nothing()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var viewer = world.Program(Role.Viewer);
        Assert.That((await viewer.PostAsync("/api/v1/partnerships/US/THEM/test", null)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        using var foreigner = world.Program(Role.PartnerAdmin, "OTHER");
        Assert.That((await foreigner.PostAsync("/api/v1/partnerships/US/THEM/test", null)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }
}
