using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using As2.Certificates;
using As2.Testing;
using ManagedGateway.Operations.Access;
using ManagedGateway.Secrets;

namespace As2.Gateway.Tests.Operations;

/// <summary>Secrets at rest: sealed, bound to their place, migrated; and known ones looked for everywhere.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SecretTests
{
    [Test]
    public void a_sealed_secret_opens_in_its_place_only()
    {
        using var data = new TempFolder();
        var box = new SecretBox(data.Path);
        var text = box.Seal("correct horse", "partnership A → B", "HttpPassword");
        Assert.That(text, Does.Not.Contain("horse").And.Not.EqualTo(box.Seal("correct horse", "partnership A → B", "HttpPassword")));
        Assert.That(new SecretBox(data.Path).OpenText(text, "partnership A → B", "HttpPassword"), Is.EqualTo("correct horse"));
        Assert.That(File.GetUnixFileMode(data[SecretKey.FileName]), Is.EqualTo(UnixFileMode.UserRead));
        Assert.Multiple(() =>
        {
            Assert.That(() => box.Open(text, "partnership A → C", "HttpPassword"), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-SECRET-002"));
            Assert.That(() => box.Open(text, "partnership A → B", "HttpToken"), Throws.TypeOf<As2Exception>());
            foreach (var at in new[] { 12, 40, 90, text.Length - 3 })
                Assert.That(() => box.Open(text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..], "partnership A → B", "HttpPassword"), Throws.TypeOf<As2Exception>());
        });
        using var other = new TempFolder();
        Assert.That(() => new SecretBox(other.Path).Open(text, "partnership A → B", "HttpPassword"), Throws.TypeOf<As2Exception>(), "another key");
    }

    [Test]
    public void a_key_that_others_may_read_is_refused()
    {
        using var data = new TempFolder();
        _ = new SecretBox(data.Path).Seal("x", "a", "b");
        File.SetUnixFileMode(data[SecretKey.FileName], UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.That(() => new SecretBox(data.Path).Seal("x", "a", "b"), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-SECRET-001"));
        File.SetUnixFileMode(data[SecretKey.FileName], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(data[SecretKey.FileName], "short");
        Assert.That(() => new SecretBox(data.Path).Seal("x", "a", "b"), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-SECRET-001"));
    }

    [Test]
    public async Task known_secrets_appear_nowhere_in_clear()
    {
        using var data = new TempFolder();
        using var copies = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        var file = JsonNode.Parse(await File.ReadAllTextAsync(data["gateway.json"]))!.AsObject();
        file["Console"] = new JsonObject();
        file["As2"]!["Partnerships"]![0]!["HttpUser"] = "us";
        file["As2"]!["Partnerships"]![0]!["HttpPassword"] = "canary-0-http-password";
        file["Webhooks"] = new JsonArray(new JsonObject { ["Name"] = "dead", ["Url"] = "http://127.0.0.1:9/", ["AllowPrivateAddresses"] = true, ["Secret"] = "canary-1-webhook-secret", ["Events"] = "All" });
        data.Write("p12.p12", "");
        await File.WriteAllBytesAsync(data["p12.p12"], CertificateFile.ToPkcs12(TestKeys.Rsa("P12"), "canary-2-p12-password"));
        data.Write("word", "canary-2-p12-password\n");
        file["As2"]!["Stations"]!["P12"] = new JsonObject { ["Certificates"] = new JsonArray(new JsonObject { ["File"] = "p12.p12", ["PasswordFile"] = "word" }) };
        data.Write("gateway.json", "// kept\n" + file.ToJsonString());
        var canaries = Enumerable.Range(0, 8).Select(i => $"canary-{i}-").ToList();
        canaries.AddRange(KeyLines(OutsidePartner.Ours));
        var seen = new StringBuilder();

        await using (var gateway = GatewayProcess.Start(data.Path, "run"))
        {
            await gateway.SaysAsync("Ctrl+C");
            await WorkAsync(gateway, seen, canaries);
            (await Command.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "gateway.dll"), "backup", copies["copy"], "--data", data.Path])).Succeeded();
            seen.Append((await Command.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "gateway.dll"), "export", "--data", data.Path])).Text);
            Assert.That(await gateway.InterruptAsync(), Is.Zero, gateway.Said);
            seen.Append(gateway.Said);
        }

        Assert.That(await File.ReadAllTextAsync(data["gateway.json"]), Does.StartWith("// kept").And.Contain("sealed:v1:"));
        Assert.That(File.Exists(Path.Combine(copies["copy"], SecretKey.FileName)), Is.False, "a backup has no key");
        foreach (var path in Directory.EnumerateFiles(data.Path, "*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(copies.Path, "*", SearchOption.AllDirectories)))
        {
            var content = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path));
            Assert.That(canaries.Where(content.Contains), Is.Empty, path);
        }
        Assert.That(canaries.Where(seen.ToString().Contains), Is.Empty, "in an answer, a page or a line of the log");

        await using var again = GatewayProcess.Start(data.Path, "run");
        await again.SaysAsync("Ctrl+C");
    }

    /// <summary>Signs in, looks at every page and list, makes secrets and sends something that fails.</summary>
    private static async Task WorkAsync(GatewayProcess gateway, StringBuilder seen, List<string> canaries)
    {
        var link = gateway.Said.Split('\n').Single(l => l.Contains("/setup?link=", StringComparison.Ordinal));
        var address = new Uri(link[link.IndexOf("http", StringComparison.Ordinal)..]);
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new() }) { BaseAddress = new Uri(address.GetLeftPart(UriPartial.Authority)) };
        browser.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        await ConsoleWorld.SubmitAsync(browser, address.PathAndQuery, ("Name", "admin"), ("Password", "canary-3-user-password"), ("Repeated", "canary-3-user-password"), ("Again", "canary-3-user-password"));
        await ConsoleWorld.SubmitAsync(browser, "/sign-in", ("Name", "admin"), ("Password", "canary-3-user-password"));
        await ConsoleWorld.SubmitAsync(browser, "/sign-in", ("Name", "admin"), ("Password", "canary-4-wrong-password"));

        async Task<string> MadeAsync(HttpMethod method, string path, object body, string secret)
        {
            var answer = await browser.SendAsync(new HttpRequestMessage(method, "/api/v1/" + path) { Content = JsonContent.Create(body) });
            var text = await answer.Content.ReadAsStringAsync();
            Assert.That(answer.IsSuccessStatusCode, $"{path}: {text}");
            // Shown once, here, and from now on looked for.
            return JsonNode.Parse(text)![secret]?.GetValue<string>() ?? "";
        }

        canaries.Add(await MadeAsync(HttpMethod.Post, "tokens", new { Name = "t", Role = "SecurityAdmin" }, "secret"));
        await MadeAsync(HttpMethod.Post, "stations", new { Name = "MORE" }, "");
        await MadeAsync(HttpMethod.Post, "stations/MORE/certificates", new { File = new { Content = Convert.ToBase64String(CertificateFile.ToPkcs12(TestKeys.Rsa("MORE"), "canary-5-upload-password")), Password = "canary-5-upload-password" } }, "");
        canaries.AddRange(KeyLines(TestKeys.Rsa("MORE")));
        await MadeAsync(HttpMethod.Put, "partnerships/MORE/THEM", new { Settings = new Dictionary<string, string> { ["Endpoint"] = "https://no-such-host.invalid/as2", ["HttpToken"] = "canary-6-http-token" }, Certificate = new { Content = Convert.ToBase64String(OutsidePartner.Theirs.Der.Span) } }, "");
        canaries.Add(await MadeAsync(HttpMethod.Post, "accounts", new { Name = "more", Local = "MORE", Partner = "THEM" }, "password"));
        canaries.Add(await MadeAsync(HttpMethod.Post, "webhooks", new { Name = "more", Url = "https://no-such-host.invalid/hook" }, "secret"));
        await MadeAsync(HttpMethod.Put, "alerts/settings", new { Mail = new { Host = "127.0.0.1", Port = 9, Security = "StartTls", User = "u", Password = "canary-7-mail-password", From = "a@acme.example", To = new[] { "b@acme.example" } } }, "");
        await browser.PostAsync("/api/v1/messages?local=MORE&partner=THEM", new ByteArrayContent("UNA"u8.ToArray()));
        await browser.PostAsync("/api/v1/messages?local=US&partner=THEM", new ByteArrayContent("UNA"u8.ToArray()));
        seen.Append(await (await browser.PostAsync("/api/v1/partnerships/MORE/THEM/test", null)).Content.ReadAsStringAsync());
        foreach (var path in (string[])["/", "/messages", "/partners", "/accounts", "/usage", "/alerts", "/audit", "/users", "/tokens", "/settings", "/organisations"])
            seen.Append(await (await browser.GetAsync(path)).Content.ReadAsStringAsync());
        foreach (var path in (string[])["dashboard", "messages", "partnerships", "partnerships/MORE/THEM", "partnerships/US/THEM", "stations", "organisations", "accounts", "certificates", "alerts", "alerts/settings", "webhooks", "audit", "users", "tokens", "configuration", "onboarding-links", "me"])
        {
            var answer = await browser.GetAsync("/api/v1/" + path);
            Assert.That(answer.IsSuccessStatusCode, path);
            seen.Append(await answer.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Lines out of the middle of a private key, as PEM has them.</summary>
    private static IEnumerable<string> KeyLines(As2Certificate certificate) => CertificateFile.ToKeyPem(certificate).Split('\n').Where(l => l.Length == 64).Skip(5).Take(3);
}
