using System.Text.Json;
using System.Text.Json.Nodes;
using As2.Certificates;
using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>A folder outside the gateway as a route: files are sent from it, received ones are put there, outcomes are told.</summary>
public sealed class OutsideFolderTests
{
    [Test]
    public async Task a_file_of_an_outside_folder_is_sent_and_its_submitter_told()
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint, Folder());
        var folder = Directory.CreateDirectory(data["erp/out"]).FullName;
        await using var gateway = GatewayProcess.Start(data.Path, "run");
        await gateway.SaysAsync("Ctrl+C");

        await File.WriteAllTextAsync(Path.Combine(folder, "order 1.edi.tmp"), "UNA");
        File.Move(Path.Combine(folder, "order 1.edi.tmp"), Path.Combine(folder, "order 1.edi"));

        var status = await ReadAsync(Path.Combine(folder, "receipts", "order_1.edi.status.json"));
        using var json = JsonDocument.Parse(status);
        Assert.That(json.RootElement.GetProperty("state").GetString(), Is.EqualTo("Acknowledged"));
        Assert.That(json.RootElement.GetProperty("file").GetString(), Is.EqualTo("order 1.edi"));
        Assert.That(await ReadAsync(Path.Combine(folder, "receipts", "order_1.edi.mdn")), Does.Contain("multipart/signed"));
        Assert.That((await partner.TakenAsync()).Select(taken => taken.Name), Is.EqualTo(new[] { "order 1.edi" }));
        Assert.That(Directory.GetFiles(folder), Is.Empty);
    }

    [Test]
    public async Task a_file_that_the_partner_refuses_comes_back_to_the_folder_with_the_reason()
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        TestWorld.Pair(data.Path, TestKeys.Rsa("Mallory"), OutsidePartner.Theirs, partner.Endpoint, Folder());
        var folder = Directory.CreateDirectory(data["erp/out"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "order.edi"), "UNA");
        await using var gateway = GatewayProcess.Start(data.Path, "run");

        Assert.That(await ReadAsync(Path.Combine(folder, "failed", "order.edi.reason.txt")), Does.Contain("authentication-failed"));
        Assert.That(await ReadAsync(Path.Combine(folder, "failed", "order.edi")), Is.EqualTo("UNA"));
    }

    [Test]
    public async Task what_is_received_goes_to_several_routes_under_a_pattern()
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var world = TestWorld.Pair(
            data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint, Folder(), ["mailbox:tester", "outside:erp"]);
        Directory.CreateDirectory(data["erp/out"]);
        await using var gateway = GatewayProcess.Start(data.Path, "run");
        await gateway.SaysAsync("Ctrl+C");
        var (sender, partnership) = OutsidePartner.SenderTo(new Uri($"http://127.0.0.1:{gateway.Port}/as2"));
        using (sender)
            Assert.That((await sender.SendAsync(Payloads.Payload.FromBytes("UNA"u8.ToArray(), "invoice.edi", "text/plain"), partnership, default)).IsAcknowledged);

        Assert.That(await ReadAsync(data["erp/in/THEM/invoice.edi"]), Is.EqualTo("UNA"));
        await OutboxTests.WaitForAsync(world, gateway, "/inbox", "invoice.edi");
    }

    /// <summary>Here of the same one: what comes in goes out again, over FTPS into the own outbox.</summary>
    [TestCase("Ftps")]
    [TestCase("FtpsImplicit")]
    public async Task an_outside_folder_may_be_the_outbox_of_a_gateway(string kind)
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var port = FreePort.TakeRange(4);
        TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint, new
        {
            Name = "onward", Kind = kind, Host = "localhost", Port = kind == "Ftps" ? port + 1 : port + 3, User = "tester", PasswordFile = "secret",
            Authorities = new[] { "keys/ftps.cer" }, Put = new { Folder = "/outbox", Naming = "again-{name}", ReadBack = true },
        }, ["outside:onward"]);
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(data["gateway.json"]))!;
        settings["Listen"] = new JsonObject { ["FtpsImplicitPort"] = port + 3 };
        await File.WriteAllTextAsync(data["gateway.json"], settings.ToJsonString());
        using var ftps = CertificateFactory.CreateSelfSigned("gateway", TimeProvider.System.GetUtcNow().AddHours(-1), key: CertificateKeyKind.P256, hosts: ["localhost"]);
        data.Write("keys/ftps.cer", CertificateFile.ToPem(ftps));
        data.Write("keys/ftps.pem", CertificateFile.ToPem(ftps) + CertificateFile.ToKeyPem(ftps));
        data.Write("secret", TestWorld.Password + "\n");
        await using var gateway = GatewayProcess.Start(data.Path, port, "run");
        await gateway.SaysAsync("Ctrl+C");

        var (sender, partnership) = OutsidePartner.SenderTo(new Uri($"http://127.0.0.1:{port}/as2"));
        using (sender)
            Assert.That((await sender.SendAsync(Payloads.Payload.FromBytes("UNA"u8.ToArray(), "invoice.edi", "text/plain"), partnership, default)).IsAcknowledged);
        await gateway.SaysAsync("tester renamed /outbox/.in/");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while ((await partner.TakenAsync()).Count == 0)
            await Task.Delay(50, limit.Token);
        Assert.That((await partner.TakenAsync()).Select(taken => taken.Name), Is.EqualTo(new[] { "again-invoice.edi" }));
    }

    private static object Folder() => new
    {
        Name = "erp",
        Kind = "Folder",
        Host = "erp",
        Put = new { Folder = "/in", Naming = "{partner}/{name}" },
        Take = new { Folder = "/out", Local = "US", Partner = "THEM", Interval = "00:00:00.2" },
    };

    private static async Task<string> ReadAsync(string path)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!File.Exists(path))
            await Task.Delay(50, limit.Token);
        return await File.ReadAllTextAsync(path);
    }
}
