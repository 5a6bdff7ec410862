using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using As2.Certificates;
using As2.Testing;
using ManagedGateway;
using ManagedGateway.Operations.Access;

namespace As2.Gateway.Tests.Operations;

/// <summary>Partnerships as code: out, in, in again, and in elsewhere.</summary>
public sealed class ConfigurationCodeTests
{
    private static async Task<(int Exit, string Text)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(arguments, TextReader.Null, output, error);
        return (exit, output.ToString() + error);
    }

    private static async Task MakeAsync(HttpClient admin)
    {
        foreach (var (method, path, body) in new (HttpMethod, string, object)[]
        {
            (HttpMethod.Post, "organisations", new { Name = "Acme Ltd" }),
            (HttpMethod.Post, "stations", new { Name = "ACME", Organisation = "Acme Ltd", Key = new { Kind = "P256" } }),
            (HttpMethod.Put, "partnerships/ACME/GLOBEX", new
            {
                Settings = new Dictionary<string, string> { ["Endpoint"] = "https://as2.globex.example/as2", ["HttpUser"] = "acme", ["HttpPassword"] = "canary-code-password" },
                Certificate = new { Content = Convert.ToBase64String(TestKeys.Rsa("GLOBEX").Der.Span) },
            }),
            (HttpMethod.Post, "accounts", new { Name = "acme-globex", Local = "ACME", Partner = "GLOBEX", MaxFiles = 10 }),
            (HttpMethod.Post, "webhooks", new { Name = "erp", Url = "https://erp.acme.example/hook" }),
        })
        {
            var answer = await admin.SendAsync(new HttpRequestMessage(method, "/api/v1/" + path) { Content = JsonContent.Create(body) });
            Assert.That(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [Test]
    public async Task what_was_exported_is_imported_once_here_and_elsewhere()
    {
        await using var world = await ConsoleWorld.StartBareAsync(new TempFolder(), await OutsidePartner.StartAsync());
        using var admin = world.Program(Role.PartnerAdmin);
        await MakeAsync(admin);
        var (exit, code) = await RunAsync("export", "--data", world.Data);
        Assert.That(exit, Is.Zero, code);
        Assert.That(code, Does.Contain("GLOBEX").And.Contain("BEGIN CERTIFICATE"));
        Assert.That(code, Does.Not.Contain("canary").And.Not.Contain("sealed:").And.Not.Contain("PRIVATE KEY").And.Not.Contain("PasswordHash"));

        using var folder = new TempFolder();
        folder.Write("code.json", code);
        Assert.That(await RunAsync("import", folder["code.json"], "--data", world.Data), Is.EqualTo((0, "Everything is as the file says." + Environment.NewLine)));
        Assert.That(await admin.GetStringAsync("/api/v1/configuration"), Does.Contain("GLOBEX"), "the API gives the same");

        // Edited: a dry run says what would change, and changes nothing.
        folder.Write("edited.json", code.Replace("as2.globex.example", "as2-new.globex.example"));
        var (dry, said) = await RunAsync("import", folder["edited.json"], "--dry-run", "--data", world.Data);
        Assert.That((dry, said), Is.EqualTo((0, said)));
        Assert.That(said, Does.Contain("~ partnership ACME → GLOBEX, Endpoint: https://as2.globex.example/as2 → https://as2-new.globex.example/as2").And.Contain("1 settings would change."));
        Assert.That(await admin.GetStringAsync("/api/v1/partnerships/ACME/GLOBEX"), Does.Contain("as2.globex.example"));
        Assert.That((await RunAsync("import", folder["edited.json"], "--data", world.Data)).Exit, Is.Zero);
        Assert.That(() => admin.GetStringAsync("/api/v1/partnerships/ACME/GLOBEX").GetAwaiter().GetResult(), Does.Contain("as2-new.globex.example").After(20_000, 100), "the running gateway takes it up");
        var shown = (await admin.GetFromJsonAsync<JsonNode>("/api/v1/partnerships/ACME/GLOBEX"))!;
        Assert.That(shown["settings"]!["HttpPassword"]!.GetValue<string>(), Is.EqualTo("•••"), "the password that the code leaves out stayed");

        // Elsewhere the secret that it leaves out is missing, which is told; brought along it is kept sealed.
        await using var elsewhere = await ConsoleWorld.StartBareAsync(new TempFolder(), await OutsidePartner.StartAsync());
        using var other = elsewhere.Program(Role.PartnerAdmin);
        var document = JsonNode.Parse(code)!;
        Assert.That((await other.PutAsJsonAsync("/api/v1/configuration", document)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        document["Partnerships"]![0]!["HttpPassword"] = "canary-elsewhere-password";
        var put = await other.PutAsJsonAsync("/api/v1/configuration", document);
        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.OK), await put.Content.ReadAsStringAsync());
        Assert.That((await other.GetFromJsonAsync<JsonNode>("/api/v1/stations"))![0]!["certificates"]!.AsArray(), Has.Count.EqualTo(1), "a station that is new has a key of its own");
        Assert.That(string.Concat(elsewhere.Get<ManagedGateway.Configuration.IManagedStore>().Read().Entries.Values.Select(v => v.ToJsonString())), Does.Not.Contain("canary"));
        var again = (await (await other.PutAsJsonAsync("/api/v1/configuration", JsonNode.Parse(code))).Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.That(again["changed"]!.AsArray(), Is.Empty, "idempotent");
    }

    [TestCase("""{ "Partnerships": [ { "Local": "NOBODY", "Partner": "X" } ] }""", "AS2-CONFIG-006")]
    [TestCase("""{ "Partnershipz": [] }""", "GW-IMPORT-001")]
    [TestCase("""{ "Partnerships": [ 1 ] }""", "GW-IMPORT-001")]
    [TestCase("""{ "Accounts": [ { "Local": "US" } ] }""", "GW-IMPORT-001")]
    [TestCase("""{ "Accounts": [], "Accounts": [] }""", "GW-IMPORT-001")]
    [TestCase("""{ "Stations": [ { "Name": "S", "Certificates": """ + "[[[[[[[[[[[[[[[[[[[[[[[[", "GW-IMPORT-001")]
    [TestCase("""{ "Outside": [ { "Name": "../../etc", "Kind": "Folder", "Host": "../../../etc", "Put": {} } ] }""", "GW-IMPORT-001")]
    [TestCase("not json", "GW-IMPORT-001")]
    public async Task a_hostile_or_wrong_document_changes_nothing(string code, string id)
    {
        var world = await UnchangedWorld.GetAsync();
        using var folder = new TempFolder();
        folder.Write("code.json", code);
        var (exit, said) = await RunAsync("import", folder["code.json"], "--data", world.Data);
        Assert.That(exit, Is.EqualTo(1), said);
        Assert.That(said, Does.Contain(id));
        Assert.That(world.Get<ManagedGateway.Configuration.IManagedStore>().Version, Is.Zero);
    }
}
