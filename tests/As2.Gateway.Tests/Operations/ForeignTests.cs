using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ManagedGateway.Operations.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace As2.Gateway.Tests.Operations;

/// <summary>Every address with real identifiers, asked for by somebody of another organisation; and what else the outside puts into requests.</summary>
public sealed class ForeignTests
{
    [Test]
    public async Task every_address_hides_what_is_anothers()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var owner = world.Program(Role.SecurityAdmin);
        var sent = await owner.PostAsync("/api/v1/messages?local=US&partner=THEM&fileName=secret-order.edi", new ByteArrayContent("UNA"u8.ToArray()));
        var id = (await sent.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<string>();
        await owner.PostAsJsonAsync("/api/v1/onboarding-links", new { Local = "US", Partner = "THEM", Address = "https://as2.acme.example/as2" });
        var hash = (await owner.GetFromJsonAsync<JsonNode>("/api/v1/onboarding-links"))![0]!["hash"]!.GetValue<string>();
        var sha256 = (await owner.GetFromJsonAsync<JsonNode>("/api/v1/stations"))![0]!["certificates"]![0]!["sha256"]!.GetValue<string>();
        var known = new Dictionary<string, string> { ["local"] = "US", ["partner"] = "THEM", ["hash"] = hash, ["sha256"] = sha256, ["form"] = "pem", ["number"] = "1", ["documentName"] = "v1" };
        string Value(RouteEndpoint route, string name) => name switch
        {
            "id" => route.RoutePattern.RawText!.Contains("/messages/", StringComparison.Ordinal) ? id : sha256,
            "name" => route.RoutePattern.RawText!.Contains("/accounts/", StringComparison.Ordinal) ? "tester" : route.RoutePattern.RawText.Contains("/organisations/", StringComparison.Ordinal) ? "ACME" : "US",
            _ => known.GetValueOrDefault(name, "1"),
        };
        var before = await StateAsync(owner);
        using var foreigner = world.Program(Role.PartnerAdmin, "OTHER");
        var routes = world.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal)).ToList();
        Assert.That(routes, Has.Count.GreaterThan(40));
        foreach (var route in routes)
        {
            var path = "/" + string.Join('/', route.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p is RoutePatternLiteralPart literal ? literal.Content : Value(route, ((RoutePatternParameterPart)p).Name)))));
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            {
                // What a PartnerAdmin may do in its own organisation is no leak; with query and body it names another's.
                var request = new HttpRequestMessage(new HttpMethod(method), path + (path.EndsWith("/messages", StringComparison.Ordinal) ? "?local=US&partner=THEM" : ""));
                if (method is "POST" or "PUT")
                    request.Content = new StringContent("""{ "Name": "US", "Local": "US", "Partner": "THEM", "Address": "https://x.example/", "Settings": {}, "File": { "Content": "" } }""", Encoding.UTF8, "application/json");
                var answer = await foreigner.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                Assert.That((int)answer.StatusCode, Is.LessThan(500), $"{method} {path}: {text}");
                if (answer.IsSuccessStatusCode)
                    Assert.That(text, Does.Not.Contain("THEM").And.Not.Contain(id).And.Not.Contain("secret-order").And.Not.Contain("\"US\""), $"{method} {path}");
            }
        }
        Assert.That(await StateAsync(owner), Is.EqualTo(before), "and nothing of it changed");
    }

    private static async Task<string> StateAsync(HttpClient owner)
        => string.Concat(await Task.WhenAll(new[] { "partnerships/US/THEM", "stations", "accounts", "onboarding-links", "webhooks", "configuration", "organisations" }.Select(p => owner.GetStringAsync("/api/v1/" + p))));

    [Test]
    public async Task hostile_json_is_refused_before_it_costs_anything()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var admin = world.Program(Role.PartnerAdmin);
        async Task<HttpStatusCode> Put(string body)
        {
            try
            {
                return (await admin.PutAsync("/api/v1/configuration", new StringContent(body, Encoding.UTF8, "application/json"))).StatusCode;
            }
            catch (HttpRequestException)
            {
                // The server closed the connection in the middle of a body that it does not want.
                return HttpStatusCode.RequestEntityTooLarge;
            }
        }
        Assert.That(await Put(string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000)), Is.EqualTo(HttpStatusCode.BadRequest), "depth 10,000");
        Assert.That(await Put("{\"Accounts\":[],\"Accounts\":[]}"), Is.EqualTo(HttpStatusCode.BadRequest), "a name twice");
        Assert.That(await Put("{\"Accounts\":\"" + new string('x', 100 << 20) + "\"}"), Is.EqualTo(HttpStatusCode.RequestEntityTooLarge).Or.EqualTo(HttpStatusCode.BadRequest), "100 MB");
        Assert.That(await Put("{\"$type\":\"System.IO.FileInfo\"}"), Is.EqualTo(HttpStatusCode.BadRequest), "types of ours are nobody's business");
    }

    [TestCase("..%2f..%2fetc%2fpasswd")]
    [TestCase("%00")]
    [TestCase("'%20OR%201=1--")]
    [TestCase("%3Cscript%3E")]
    public async Task a_path_or_a_statement_in_an_identifier_is_nothing_that_is_there(string id)
    {
        var world = await UnchangedWorld.GetAsync();
        using var admin = world.Program(Role.PartnerAdmin);
        foreach (var path in (string[])[$"messages/{id}", $"messages/{id}/evidence", $"stations/{id}/certificates/{id}/pem", $"partnerships/US/{id}"])
            Assert.That((await admin.GetAsync("/api/v1/" + path)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound).Or.EqualTo(HttpStatusCode.BadRequest), path);
    }
}
