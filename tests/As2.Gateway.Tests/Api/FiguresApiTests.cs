using System.Net;
using System.Text.Json.Nodes;
using As2.Gateway.Tests.Operations;
using As2.Storage;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Figures;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Gateway.Tests.Api;

public sealed class FiguresApiTests
{
    [Test]
    public async Task usage_is_what_the_messages_say_and_leaves_out_what_was_not_acknowledged()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var program = world.Program(Role.Operator, "ACME");
        for (var i = 1; i <= 3; i++)
            await MessagesApiTests.WaitAsync(program, await MessagesApiTests.SendAsync(program, new byte[i * 1000], null), "Acknowledged");
        await world.Partner.DisposeAsync();
        var failed = await MessagesApiTests.SendAsync(program, new byte[5], null);
        await MessagesApiTests.WaitAsync(program, failed, "RetryWait");

        var month = DateTimeOffset.UtcNow.ToString("yyyy-MM");
        var usage = JsonNode.Parse(await program.GetStringAsync("/api/v1/usage"))!.AsArray();
        Assert.That(usage.ToJsonString(), Is.EqualTo($$"""[{"month":"{{month}}","organisation":"ACME","local":"US","partner":"THEM","direction":"Outbound","messages":3,"bytes":6000}]"""));
        Assert.That(await program.GetStringAsync("/api/v1/usage?format=csv"), Is.EqualTo($"month,organisation,station,partner,direction,messages,bytes\r\n{month},ACME,US,THEM,Outbound,3,6000\r\n"));
        // Against the messages themselves.
        var messages = await world.Gateway.GetRequiredService<IMessageJournal>().ListAsync(new MessageQuery { State = MessageState.Acknowledged }, default);
        Assert.That((messages.Count, messages.Sum(m => m.Length)), Is.EqualTo((3, 6000)));
        var dashboard = JsonNode.Parse(await program.GetStringAsync("/api/v1/dashboard"))!;
        Assert.That(((long?)dashboard["hours"]!.AsArray().Sum(h => (long)h!["sent"]!), (long?)dashboard["backlog"]), Is.EqualTo((4L, 1L)));
    }

    [TestCase("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [TestCase("+1", "'+1")]
    [TestCase("a,\"b\"", "\"a,\"\"b\"\"\"")]
    [TestCase("plain", "plain")]
    public void a_name_in_csv_is_never_a_formula(string name, string cell)
        => Assert.That(Usage.ToCsv([new UsageLine("2026-01", name, "L", "P", MessageDirection.Inbound, 1, 2)]), Does.EndWith($"2026-01,{cell},L,P,Inbound,1,2\r\n"));

    [TestCase("from=2026-13")]
    [TestCase("from=2026-05&to=2026-04")]
    [TestCase("from=2000-01&to=2026-04")]
    public async Task months_that_cannot_be_are_told(string query)
    {
        var world = await UnchangedWorld.GetAsync();
        using var program = world.Program(Role.Viewer);
        Assert.That((await program.GetAsync("/api/v1/usage?" + query)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task partnerships_certificates_and_accounts_are_shown_without_secrets()
    {
        var world = await UnchangedWorld.GetAsync();
        using var program = world.Program(Role.Viewer, "ACME");
        var partnerships = await program.GetStringAsync("/api/v1/partnerships");
        var certificates = await program.GetStringAsync("/api/v1/certificates");
        var accounts = await program.GetStringAsync("/api/v1/accounts");
        Assert.Multiple(() =>
        {
            Assert.That(partnerships, Does.Contain("\"partner\":\"THEM\"").And.Contain("aes256-cbc"));
            Assert.That(certificates, Does.Contain(OutsidePartner.Theirs.Thumbprint).And.Contain(OutsidePartner.Ours.Thumbprint));
            Assert.That(accounts, Does.Contain("tester").And.Contain("\"hasPassword\":true").And.Not.Contain("pbkdf2"));
        });
    }

    [Test]
    public async Task the_document_names_every_address_of_the_api()
    {
        var world = await UnchangedWorld.GetAsync();
        using var program = world.Program(Role.Viewer);
        var document = JsonNode.Parse(await program.GetStringAsync("/api/v1/openapi.json"))!;
        var paths = document["paths"]!.AsObject().Select(p => p.Key).ToList();
        Assert.That((string?)document["openapi"], Does.StartWith("3."));
        Assert.That(paths, Does.Contain("/api/v1/messages").And.Contain("/api/v1/messages/{id}/evidence").And.Contain("/api/v1/usage"));
        Assert.That(document["paths"]!["/api/v1/messages"]!["post"]!["operationId"]!.ToString(), Is.EqualTo("SendFile"));
    }
}
