using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using As2.Gateway.Tests.Operations;
using As2.Storage;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;

namespace As2.Gateway.Tests.Api;

/// <summary>What a program does with messages, over real sockets to a real partner.</summary>
public sealed class MessagesApiTests
{
    private const string Send = "/api/v1/messages?local=US&partner=THEM&fileName=";

    [Test]
    public async Task a_file_is_sent_and_its_receipt_and_evidence_are_read()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var program = world.Program(Role.Operator, "ACME");
        var id = await SendAsync(program, "UNA:+.? '"u8.ToArray(), key: null);
        var message = await WaitAsync(program, id, "Acknowledged");

        Assert.That((string?)message["partner"], Is.EqualTo("THEM"));
        Assert.That((string?)message["payloads"]![0]!["fileName"], Is.EqualTo("order.edi"));
        Assert.That(message["history"]!.AsArray().Select(e => (string?)e!["kind"]), Does.Contain("attempt").And.Contain("receipt"));
        var list = JsonNode.Parse(await program.GetStringAsync("/api/v1/messages?text=order&direction=Outbound"))!;
        Assert.That(list["items"]!.AsArray().Select(m => (string?)m!["id"]), Is.EqualTo([id]));
        using var zip = new ZipArchive(await program.GetStreamAsync($"/api/v1/messages/{id}/evidence"));
        Assert.That(zip.Entries.Select(e => e.FullName), Does.Contain("verdict.json").And.Contain("verify.sh"));
        Assert.That(world.Get<AuditLog>().List(null, 10).Select(l => l.Action), Does.Contain("message.send").And.Contain("message.evidence"));
    }

    [Test]
    public async Task the_same_key_sends_the_same_file_once_and_no_other()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var program = world.Program(Role.Operator);
        var first = await SendAsync(program, "one"u8.ToArray(), "key-1");
        Assert.That(await SendAsync(program, "one"u8.ToArray(), "key-1"), Is.EqualTo(first));
        Assert.That(await SendAsync(program, "one"u8.ToArray(), "key-2"), Is.Not.EqualTo(first));
        var other = await PostAsync(program, "two"u8.ToArray(), "key-1");
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await other.Content.ReadAsStringAsync(), Does.Contain("GW-API-002"));
        using var stranger = world.Program(Role.Operator);
        Assert.That(await SendAsync(stranger, "one"u8.ToArray(), "key-1"), Is.Not.EqualTo(first), "keys are of their owner");
    }

    [Test]
    public async Task beyond_the_quota_of_its_organisation_no_file_is_taken()
    {
        await using var world = await ConsoleWorld.StartAsync(
            adapt: settings => settings["Quotas"] = new JsonObject { ["ACME"] = new JsonObject { ["MaxMessagesPerDay"] = 1 } });
        using var program = world.Program(Role.Operator, "ACME");
        await SendAsync(program, "one"u8.ToArray(), "key-1");
        var refused = await PostAsync(program, "two"u8.ToArray(), "key-2");
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("AS2-STORE-015").And.Contain("1 messages of today"));
    }

    [Test]
    public async Task a_large_body_streams_through()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var program = world.Program(Role.Operator);
        var id = await SendAsync(program, RandomNumberGenerator.GetBytes(8 << 20), "large");
        Assert.That((long?)(await WaitAsync(program, id, "Acknowledged"))["payloads"]![0]!["bytes"], Is.EqualTo(8 << 20));
    }

    [TestCase("/api/v1/messages?local=US&partner=NOBODY", "GW-API-001")]
    [TestCase("/api/v1/messages?local=US&partner=THEM&fileName=a%00b", "GW-API-001")]
    [TestCase("/api/v1/messages?local=%0D%0A&partner=THEM", "GW-API-001")]
    public async Task what_cannot_be_sent_is_told_as_a_problem(string address, string id)
    {
        var world = await UnchangedWorld.GetAsync();
        using var program = world.Program(Role.Operator);
        var answer = await program.PostAsync(address, new ByteArrayContent([1]));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(id));
    }

    [Test]
    public async Task pages_follow_one_another_without_gap_or_repeat()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var program = world.Program(Role.Operator, "ACME");
        var sent = new List<string>();
        for (var i = 0; i < 5; i++)
            sent.Add(await SendAsync(program, Encoding.ASCII.GetBytes($"file {i}"), null));
        var listed = new List<string>();
        for (string? before = "", next = null; before is not null; before = next)
        {
            var page = JsonNode.Parse(await program.GetStringAsync($"/api/v1/messages?max=2{(before.Length > 0 ? "&before=" + before : "")}"))!;
            listed.AddRange(page["items"]!.AsArray().Select(m => (string)m!["id"]!));
            next = (string?)page["next"];
        }
        Assert.That(listed, Is.EqualTo(Enumerable.Reverse(sent)));
    }

    [Test]
    public async Task another_organisation_neither_sees_nor_handles_a_message()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var owner = world.Program(Role.Operator, "ACME");
        using var foreign = world.Program(Role.PartnerAdmin, "OTHER");
        var id = await SendAsync(owner, [1], null);
        foreach (var address in (string[])[$"/api/v1/messages/{id}", $"/api/v1/messages/{id}/evidence"])
            Assert.That((await foreign.GetAsync(address)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), address);
        foreach (var action in (string[])["retry", "cancel", "resubmit"])
            Assert.That((await foreign.PostAsync($"/api/v1/messages/{id}/{action}", null)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), action);
        Assert.That((await PostAsync(foreign, [1], null)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        foreach (var list in (string[])["messages", "messages?local=US", "partnerships", "certificates", "accounts", "usage", "alerts"])
            Assert.That(await foreign.GetStringAsync("/api/v1/" + list), Does.Not.Contain("US").And.Not.Contain(id), list);
        Assert.That(await foreign.GetStringAsync("/api/v1/dashboard"), Does.Contain("\"backlog\":0").And.Not.Contain("THEM"));
    }

    [Test]
    public async Task a_message_is_resubmitted_once_it_ended_and_cancelled_only_before()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var program = world.Program(Role.Operator);
        var id = await SendAsync(program, [1], null);
        await WaitAsync(program, id, "Acknowledged");
        Assert.That((await program.PostAsync($"/api/v1/messages/{id}/cancel", null)).StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await program.PostAsync($"/api/v1/messages/{id}/retry", null)).StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        var anew = (string)JsonNode.Parse(await (await program.PostAsync($"/api/v1/messages/{id}/resubmit", null)).Content.ReadAsStringAsync())!["id"]!;
        Assert.That((string?)(await WaitAsync(program, anew, "Acknowledged"))["resubmissionOf"], Is.EqualTo(id));
    }

    [Test]
    public async Task a_message_without_a_reachable_partner_is_tried_now_or_withdrawn()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var program = world.Program(Role.Operator);
        await world.Partner.DisposeAsync();
        var id = await SendAsync(program, [1], null);
        var attempts = (int)(await WaitAsync(program, id, "RetryWait"))["attempts"]!;
        var retried = await program.PostAsync($"/api/v1/messages/{id}/retry", null);
        Assert.That(retried.StatusCode, Is.EqualTo(HttpStatusCode.NoContent), await retried.Content.ReadAsStringAsync());
        Assert.That((int)(await WaitAsync(program, id, "RetryWait", m => (int)m["attempts"]! > attempts))["attempts"]!, Is.GreaterThan(attempts));
        Assert.That((await program.PostAsync($"/api/v1/messages/{id}/cancel", null)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        await WaitAsync(program, id, "Cancelled");
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient program, byte[] content, string? key, string name = "order.edi")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Send + name) { Content = new ByteArrayContent(content) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return program.SendAsync(request);
    }

    internal static async Task<string> SendAsync(HttpClient program, byte[] content, string? key, string name = "order.edi")
    {
        var answer = await PostAsync(program, content, key, name);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created), text);
        return (string)JsonNode.Parse(text)!["id"]!;
    }

    internal static async Task<JsonNode> WaitAsync(HttpClient program, string id, string state, Func<JsonNode, bool>? and = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var message = JsonNode.Parse(await program.GetStringAsync($"/api/v1/messages/{id}", limit.Token))!;
            if ((string?)message["state"] == state && and?.Invoke(message) != false)
                return message;
            await Task.Delay(50, limit.Token);
        }
    }
}
