using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using As2.Agreements;
using As2.Certificates;
using As2.Ftp;
using As2.Storage;
using As2.Testing;
using ManagedGateway.Configuration;
using ManagedGateway.Operations.Access;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Gateway.Tests.Operations;

/// <summary>Organisations, stations, partnerships, certificates and accounts made through the API: in force at once, checked, scoped, told of.</summary>
public sealed class ManagedConfigurationTests
{
    private static string Base64(As2Certificate certificate) => Convert.ToBase64String(Encoding.ASCII.GetBytes(CertificateFile.ToPem(certificate)));

    private static object Settings(OutsidePartner partner, params (string Name, string Value)[] more)
        => more.Append(("Endpoint", partner.Endpoint.AbsoluteUri)).Append(("AllowPrivateAddresses", "true")).DistinctBy(s => s.Item1).ToDictionary(s => s.Item1, s => s.Item2);

    private static async Task<JsonNode> TakenAsync(Task<HttpResponseMessage> call)
    {
        var answer = await call;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri} {answer.StatusCode}: {text}");
        return text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject();
    }

    private static async Task<JsonNode> RefusedAsync(Task<HttpResponseMessage> call, HttpStatusCode status, string errorId)
    {
        var answer = await call;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(status), text);
        var problem = JsonNode.Parse(text)!;
        Assert.That(problem["errorId"]?.GetValue<string>(), Is.EqualTo(errorId), text);
        return problem;
    }

    [Test]
    public async Task from_an_empty_gateway_to_a_sent_file_by_the_api_alone()
    {
        var data = new TempFolder();
        OutsidePartner partner;
        string password;
        await using (var world = await ConsoleWorld.StartBareAsync(data, await OutsidePartner.StartAsync()))
        {
            using var admin = world.Program(Role.PartnerAdmin);
            await TakenAsync(admin.PostAsJsonAsync("/api/v1/organisations", new { Name = "Acme Ltd" }));
            await TakenAsync(admin.PostAsJsonAsync("/api/v1/stations", new { Name = "US", Organisation = "Acme Ltd" }));
            var station = (await TakenAsync(admin.GetAsync("/api/v1/stations")))[0]!;
            Assert.That(station["organisation"]!.GetValue<string>(), Is.EqualTo("Acme Ltd"));
            var pem = await admin.GetByteArrayAsync($"/api/v1/stations/US/certificates/{station["certificates"]![0]!["sha256"]}/pem");
            partner = await OutsidePartner.StartAsync(CertificateFile.Parse(pem));

            await TakenAsync(admin.PutAsJsonAsync("/api/v1/partnerships/US/THEM", new
            {
                Settings = Settings(partner, ("Preset", "standard"), ("HttpUser", "us"), ("HttpPassword", "canary-http-password")),
                Certificate = new { Content = Base64(OutsidePartner.Theirs) },
            }));
            password = (await TakenAsync(admin.PostAsJsonAsync("/api/v1/accounts", new { Name = "them", Local = "US", Partner = "THEM" })))["password"]!.GetValue<string>();
            await SendAsync(world, password, "first.edi");
            Assert.That((await partner.TakenAsync()).Select(t => t.Name), Is.EqualTo(["first.edi"]), "no restart was needed");

            var shown = await admin.GetStringAsync("/api/v1/partnerships/US/THEM");
            Assert.That(shown, Does.Not.Contain("canary-http-password"));
            using var auditor = world.Program(Role.SecurityAdmin);
            var audit = await auditor.GetStringAsync("/api/v1/audit");
            Assert.That(audit, Does.Contain("partnership.put").And.Contain("account.add").And.Contain("Endpoint: none"));
            Assert.That(audit, Does.Not.Contain("canary-http-password").And.Not.Contain(password));
            await world.StopAsync();
        }

        foreach (var file in Directory.GetFiles(data.Path, "operations.db*"))
        {
            var content = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.That(content, Does.Not.Contain("canary-http-password").And.Not.Contain("PRIVATE KEY").And.Not.Contain(password), Path.GetFileName(file));
        }
        await using var again = await ConsoleWorld.StartBareAsync(data, partner);
        await SendAsync(again, password, "second.edi");
        Assert.That((await partner.TakenAsync()).Select(t => t.Name), Is.EquivalentTo(["first.edi", "second.edi"]), "what was saved is there after a restart");
    }

    private static async Task SendAsync(ConsoleWorld world, string password, string name)
    {
        var options = world.Gateway.GetRequiredService<ManagedGateway.GatewayOptions>();
        await using var client = await FtpClient.ConnectAsync(new FtpClientOptions
        {
            Host = "127.0.0.1", Port = options.Port!.Value + 1, User = "them", Password = password, Trust = FtpTrust.Pinned(world.FtpsPin),
        });
        await client.UploadAsync("/outbox/" + name, new MemoryStream("UNB+UNOA:1+US+THEM'"u8.ToArray()), default);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await client.ListAsync("/sent", limit.Token)).Any(f => f.Name == name))
            await Task.Delay(50, limit.Token);
    }

    [Test]
    public async Task every_fault_is_told_at_once_and_nothing_changes()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var admin = world.Program(Role.PartnerAdmin);
        var before = await admin.GetStringAsync("/api/v1/partnerships");
        var problem = await RefusedAsync(admin.PutAsJsonAsync("/api/v1/partnerships/US/NEW", new
        {
            Settings = new Dictionary<string, string> { ["Endpoint"] = "ftp://x", ["Digest"] = "sha-1", ["Ciper"] = "aes256-cbc", ["Routes"] = "mailbox:nobody" },
        }), HttpStatusCode.BadRequest, "GW-CHANGE-001");
        var faults = problem["faults"]!.AsArray().Select(f => (Id: f!["id"]!.GetValue<string>(), Setting: f["setting"]!.GetValue<string>())).ToList();
        Assert.That(faults, Does.Contain(("AS2-CONFIG-003", "Endpoint")).And.Contain(("AS2-CONFIG-003", "Digest")).And.Contain(("AS2-CONFIG-002", "Ciper")).And.Contain(("GW-CONFIG-003", "Routes")));
        Assert.That(await admin.GetStringAsync("/api/v1/partnerships"), Is.EqualTo(before));
        using var auditor = world.Program(Role.SecurityAdmin);
        Assert.That(await auditor.GetStringAsync("/api/v1/audit"), Does.Not.Contain("partnership.put"));
    }

    [Test]
    public async Task what_stands_in_the_file_goes_before_what_is_saved()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var admin = world.Program(Role.PartnerAdmin);
        await RefusedAsync(admin.PutAsJsonAsync("/api/v1/partnerships/US/THEM", new { Settings = Settings(world.Partner) }), HttpStatusCode.Conflict, "GW-CHANGE-002");
        await RefusedAsync(admin.DeleteAsync("/api/v1/partnerships/US/THEM"), HttpStatusCode.Conflict, "GW-CHANGE-002");
        await RefusedAsync(admin.PostAsync("/api/v1/accounts/tester/password", null), HttpStatusCode.Conflict, "GW-CHANGE-002");
        await RefusedAsync(admin.PostAsJsonAsync("/api/v1/stations/US/certificates", new { }), HttpStatusCode.Conflict, "GW-CHANGE-002");

        // Saved first, then written into the file as well: the file's word counts, live.
        await TakenAsync(admin.PutAsJsonAsync("/api/v1/partnerships/US/LATER", new { Settings = Settings(world.Partner, ("Subject", "saved")), Certificate = new { Content = Base64(OutsidePartner.Theirs) } }));
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(world.Data, "gateway.json")))!;
        file["As2"]!["Partnerships"]!.AsArray().Add(new JsonObject { ["Local"] = "US", ["Partner"] = "LATER", ["Certificate"] = "theirs.cer", ["Subject"] = "of the file" });
        await File.WriteAllTextAsync(Path.Combine(world.Data, "gateway.json"), file.ToJsonString());
        var book = world.Gateway.GetRequiredService<PartnershipBook>();
        Assert.That(() => book.Partnerships.Single(p => p.Partner.Value == "LATER").Subject, Is.EqualTo("of the file").After(20_000, 100));
    }

    [Test]
    public async Task another_organisation_is_not_there()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var foreigner = world.Program(Role.PartnerAdmin, "OTHER");
        foreach (var call in (Func<Task<HttpResponseMessage>>[])[
            () => foreigner.PutAsJsonAsync("/api/v1/partnerships/US/NEW", new { Settings = new Dictionary<string, string>() }),
            () => foreigner.DeleteAsync("/api/v1/partnerships/US/THEM"),
            () => foreigner.PostAsJsonAsync("/api/v1/partnerships/US/THEM/certificates", new { File = new { Content = Base64(OutsidePartner.Theirs) } }),
            () => foreigner.DeleteAsync("/api/v1/partnerships/US/THEM/certificates/x"),
            () => foreigner.PostAsync("/api/v1/accounts/tester/password", null),
            () => foreigner.PutAsJsonAsync("/api/v1/accounts/tester", new { Disabled = true }),
            () => foreigner.PostAsJsonAsync("/api/v1/accounts", new { Name = "x", Local = "US", Partner = "THEM" }),
            () => foreigner.DeleteAsync("/api/v1/stations/US"),
            () => foreigner.PostAsJsonAsync("/api/v1/stations/US/certificates", new { }),
            () => foreigner.PostAsJsonAsync("/api/v1/stations", new { Name = "MINE", Organisation = "ACME" }),
            () => foreigner.PostAsJsonAsync("/api/v1/organisations", new { Name = "Mine" }),
            () => foreigner.DeleteAsync("/api/v1/organisations/ACME")])
        {
            await RefusedAsync(call(), HttpStatusCode.NotFound, "GW-CHANGE-003");
        }
        Assert.That((await foreigner.GetAsync("/api/v1/partnerships/US/THEM")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await foreigner.GetStringAsync("/api/v1/stations"), Is.EqualTo("[]"));
        Assert.That(await foreigner.GetStringAsync("/api/v1/organisations"), Does.Not.Contain("ACME"));
        Assert.That((await foreigner.PostAsJsonAsync("/api/v1/stations", new { Name = "US" })).StatusCode, Is.EqualTo(HttpStatusCode.Conflict), "a name that is taken is no way in");
    }

    [TestCase("http://169.254.169.254/latest/meta-data", true)]
    [TestCase("http://[fe80::1]/", true)]
    [TestCase("http://0.0.0.0/", true)]
    [TestCase("http://10.0.0.5/as2", false)]
    [TestCase("http://127.0.0.1:9/as2", false)]
    [TestCase("http://localhost:9/as2", false)]
    [TestCase("http://[::ffff:192.168.1.1]/as2", false)]
    [TestCase("http://2130706433/as2", false)]
    public async Task an_endpoint_inside_our_own_network_is_refused(string endpoint, bool evenWhenAllowed)
    {
        var world = await UnchangedWorld.GetAsync();
        using var admin = world.Program(Role.PartnerAdmin);
        var settings = new Dictionary<string, string> { ["Endpoint"] = endpoint };
        if (evenWhenAllowed)
            settings["AllowPrivateAddresses"] = "true";
        var problem = await RefusedAsync(
            admin.PutAsJsonAsync("/api/v1/partnerships/US/INNER", new { Settings = settings, Certificate = new { Content = Base64(OutsidePartner.Theirs) } }), HttpStatusCode.BadRequest, "GW-CHANGE-001");
        Assert.That(problem["faults"]!.AsArray().Single()!["id"]!.GetValue<string>(), Is.EqualTo("GW-CONFIG-006"));
    }

    [Test]
    public async Task only_somebody_of_the_whole_gateway_leads_messages_into_private_networks()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var admin = world.Program(Role.PartnerAdmin, "ACME");
        var problem = await RefusedAsync(
            admin.PutAsJsonAsync("/api/v1/partnerships/US/NEW", new { Settings = Settings(world.Partner), Certificate = new { Content = Base64(OutsidePartner.Theirs) } }), HttpStatusCode.BadRequest, "GW-CHANGE-001");
        Assert.That(problem["faults"]!.AsArray().Select(f => f!["setting"]!.GetValue<string>()), Does.Contain("AllowPrivateAddresses"));
    }

    [Test]
    public async Task certificates_roll_over_on_a_date_on_both_sides()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var admin = world.Program(Role.PartnerAdmin);
        await TakenAsync(admin.PostAsJsonAsync("/api/v1/stations", new { Name = "OURS", Key = new { Kind = "P256", Years = 1 } }));
        await TakenAsync(admin.PutAsJsonAsync("/api/v1/partnerships/OURS/THEM", new { Settings = Settings(world.Partner), Certificate = new { Content = Base64(OutsidePartner.Theirs) } }));
        var (next, then) = (TestKeys.Rsa("NEXT"), DateTimeOffset.UtcNow.AddDays(30));
        await TakenAsync(admin.PostAsJsonAsync("/api/v1/stations/OURS/certificates", new { From = then, Key = new { Kind = "Rsa2048", Years = 2 } }));
        await TakenAsync(admin.PostAsJsonAsync("/api/v1/partnerships/OURS/THEM/certificates", new { File = new { Content = Convert.ToBase64String(CertificateFile.ToPkcs7(next)) }, Use = new { SwitchAt = then } }));

        var book = world.Gateway.GetRequiredService<PartnershipBook>();
        var held = book.CertificatesOf(book.Partnerships.Single(p => p.Local.Value == "OURS"))!;
        As2Certificate Chosen(CertificateRole role, IReadOnlyList<As2Certificate> of, TimeSpan later) => CertificateSelection.Select(role, of, DateTimeOffset.UtcNow + later)[0];
        Assert.Multiple(() =>
        {
            Assert.That(Chosen(CertificateRole.Sign, held.Sign, TimeSpan.Zero).RsaPublicKey, Is.Null, "the first key signs until then");
            Assert.That(Chosen(CertificateRole.Sign, held.Sign, TimeSpan.FromDays(31)).RsaPublicKey, Is.Not.Null);
            Assert.That(held.Decrypt, Has.Count.EqualTo(2), "both open messages, always");
            Assert.That(Chosen(CertificateRole.Encrypt, held.Encrypt, TimeSpan.Zero).Thumbprint, Is.EqualTo(OutsidePartner.Theirs.Thumbprint));
            Assert.That(Chosen(CertificateRole.Encrypt, held.Encrypt, TimeSpan.FromDays(31)).Thumbprint, Is.EqualTo(next.Thumbprint));
            Assert.That(held.Verify.Count(c => c.IsInUse(DateTimeOffset.UtcNow)), Is.EqualTo(2), "whichever they sign with counts at once");
        });
        var shown = await TakenAsync(admin.GetAsync("/api/v1/partnerships/OURS/THEM"));
        var id = shown["certificates"]!.AsArray().First(c => c!["sha256"]!.GetValue<string>() == next.Thumbprint)!["id"]!.GetValue<string>();
        await TakenAsync(admin.DeleteAsync($"/api/v1/partnerships/OURS/THEM/certificates/{id}"));
        Assert.That(world.Get<IManagedStore>().Read().Entries.Keys.Where(k => k.Kind == EntryKind.Certificate).Select(k => k.Key), Has.None.EqualTo(id), "what nobody names is gone");
    }

    [Test]
    public async Task an_uploaded_file_is_bounded_before_it_costs_anything()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var admin = world.Program(Role.PartnerAdmin);
        await TakenAsync(admin.PostAsJsonAsync("/api/v1/stations", new { Name = "OURS" }));
        Task<HttpResponseMessage> Upload(byte[] content, string? password = null)
            => admin.PostAsJsonAsync("/api/v1/stations/OURS/certificates", new { File = new { Content = Convert.ToBase64String(content), Password = password } });

        using var folder = new TempFolder();
        folder.Write("key.pem", CertificateFile.ToPem(OutsidePartner.Ours) + CertificateFile.ToKeyPem(OutsidePartner.Ours));
        await Openssl.RunAsync(default, "pkcs12", "-export", "-in", folder["key.pem"], "-out", folder["slow.p12"], "-passout", "pass:x", "-iter", "3000000", "-macalg", "sha256");
        await RefusedAsync(Upload(await File.ReadAllBytesAsync(folder["slow.p12"]), "x"), HttpStatusCode.BadRequest, "GW-CERTIFICATE-002");
        var good = CertificateFile.ToPkcs12(OutsidePartner.Ours, "right");
        await RefusedAsync(Upload(good, "wrong"), HttpStatusCode.BadRequest, "GW-CERTIFICATE-002");
        await RefusedAsync(Upload(new byte[200_000]), HttpStatusCode.BadRequest, "GW-CERTIFICATE-002");
        await RefusedAsync(Upload([]), HttpStatusCode.BadRequest, "GW-CERTIFICATE-002");
        await RefusedAsync(Upload(Encoding.ASCII.GetBytes(CertificateFile.ToPem(OutsidePartner.Theirs))), HttpStatusCode.BadRequest, "GW-CERTIFICATE-002");
        await TakenAsync(Upload(good, "right"));
        await TooLargeAsync(Upload(new byte[100 << 20]));
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 1000 && last != HttpStatusCode.TooManyRequests; i++)
            last = (await Upload(good, $"guess {i}")).StatusCode;
        Assert.That(last, Is.EqualTo(HttpStatusCode.TooManyRequests), "passwords are not tried a thousand times");
    }

    private static async Task TooLargeAsync(Task<HttpResponseMessage> upload)
    {
        try
        {
            Assert.That((await upload).StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge).Or.EqualTo(HttpStatusCode.BadRequest));
        }
        catch (HttpRequestException closed) when (closed.InnerException is IOException)
        {
            // The server ended the connection in the middle of a body that it does not want.
        }
    }

    [Test]
    public async Task an_account_is_reset_and_disabled_while_the_gateway_runs()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var admin = world.Program(Role.PartnerAdmin, "ACME");
        var first = (await TakenAsync(admin.PostAsJsonAsync("/api/v1/accounts", new { Name = "more", Local = "US", Partner = "THEM", MaxFiles = 5 })))["password"]!.GetValue<string>();
        Assert.That(await SignsInAsync(world, first));
        var second = (await TakenAsync(admin.PostAsync("/api/v1/accounts/more/password", null)))["password"]!.GetValue<string>();
        Assert.That(await SignsInAsync(world, first), Is.False);
        Assert.That(await SignsInAsync(world, second));
        await TakenAsync(admin.PutAsJsonAsync("/api/v1/accounts/more", new { Disabled = true, MaxBytes = 1000 }));
        Assert.That(await SignsInAsync(world, second), Is.False);
        var line = (await TakenAsync(admin.GetAsync("/api/v1/accounts"))).AsArray().Single(a => a!["name"]!.GetValue<string>() == "more")!;
        Assert.That((line["disabled"]!.GetValue<bool>(), line["maxBytes"]!.GetValue<long>()), Is.EqualTo((true, 1000L)));
        await TakenAsync(admin.DeleteAsync("/api/v1/accounts/more"));
        await RefusedAsync(admin.DeleteAsync("/api/v1/accounts/more"), HttpStatusCode.NotFound, "GW-CHANGE-003");
    }

    private static async Task<bool> SignsInAsync(ConsoleWorld world, string password)
    {
        try
        {
            var options = world.Gateway.GetRequiredService<ManagedGateway.GatewayOptions>();
            await using var client = await FtpClient.ConnectAsync(new FtpClientOptions
            {
                Host = "127.0.0.1", Port = options.Port!.Value + 1, User = "more", Password = password, Trust = FtpTrust.Pinned(world.FtpsPin),
            });
            return true;
        }
        catch (FtpException)
        {
            return false;
        }
    }

    [Test]
    public async Task a_change_on_an_older_version_is_not_applied()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var store = world.Get<IManagedStore>();
        var version = store.Version;
        ManagedCommit Commit(string name) => new(version, [new ManagedEntry(new EntryName(EntryKind.Organisation, name), new JsonObject { ["Stations"] = new JsonArray() })], [])
        {
            Audit = ("test", "organisation.add", name, ""),
        };
        Assert.That(store.Commit(Commit("one")));
        Assert.That(store.Commit(Commit("two")), Is.False);
        Assert.That(store.Read().Entries.Keys.Select(k => k.Key), Is.EqualTo(["one"]));
    }
}
