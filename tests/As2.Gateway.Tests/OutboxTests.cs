using System.Security.Cryptography;
using System.Text.Json.Nodes;
using As2.Certificates;
using As2.Testing;
using Org.BouncyCastle.Asn1.Cms;
using Org.BouncyCastle.Cms;

namespace As2.Gateway.Tests;

/// <summary>A file put into an outbox, from the FTPS client to the partner's store and back as a receipt.</summary>
public sealed class OutboxTests
{
    private static string Sample => Path.Combine(AppContext.BaseDirectory, "samples", "orders.edi");

    [Test]
    public async Task openssl_opens_what_curl_put_and_verifies_the_receipt_that_came_back()
    {
        Requires.Tool("openssl");
        Requires.Tool("curl");
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        partner.KeepsBodies = true;
        var world = TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        await using var gateway = GatewayProcess.Start(data.Path, "run");
        await gateway.SaysAsync("Ctrl+C");

        (await Command.RunAsync("curl", TestWorld.Curl(gateway.Port, "-T", Sample, "FTP/outbox/"))).Succeeded();
        await WaitForAsync(world, gateway, "/sent", "orders.edi");

        using var files = new TempFolder();
        var theirs = TestKeys.WritePem(OutsidePartner.Theirs, files, "theirs");
        var ours = TestKeys.WritePem(OutsidePartner.Ours, files, "ours");
        var message = files.Write("message.der", partner.Bodies.Single());
        (await Command.RunAsync("openssl", ["cms", "-decrypt", "-inform", "DER", "-in", message, "-binary", "-recip", theirs.Certificate, "-inkey", theirs.Key, "-out", files["signed"]])).Succeeded();
        (await Command.RunAsync("openssl", ["cms", "-verify", "-in", files["signed"], "-binary", "-crlfeol", "-noverify", "-certfile", ours.Certificate, "-nointern", "-out", files["compressed"]])).Succeeded();
        Assert.That(Uncompress(await File.ReadAllBytesAsync(files["compressed"])), Is.EqualTo(await File.ReadAllBytesAsync(Sample)));

        await using var client = await world.ConnectAsync(gateway.Port);
        await using (var receipt = File.Create(files["receipt"]))
            await client.DownloadAsync("/receipts/orders.edi.mdn", receipt, default);
        (await Command.RunAsync("openssl", ["cms", "-verify", "-in", files["receipt"], "-binary", "-crlfeol", "-noverify", "-certfile", theirs.Certificate, "-nointern", "-out", files["report"]])).Succeeded();
        Assert.That(await File.ReadAllTextAsync(files["report"]), Does.Contain("Disposition: automatic-action/MDN-sent-automatically; processed\r\n"));
        Assert.That((await client.ListAsync("/outbox", default)), Is.Empty);
    }

    [TestCase(0L)]
    [TestCase(200L << 20)]
    public async Task a_file_of_any_size_arrives_whole(long size)
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var world = TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        await using var gateway = GatewayProcess.Start(data.Path, "run");
        await gateway.SaysAsync("Ctrl+C");
        await using var content = File.Create(data["big.tmp"], 1 << 16, FileOptions.DeleteOnClose);
        var block = new byte[1 << 20];
        for (var written = 0L; written < size; written += block.Length)
        {
            Random.Shared.NextBytes(block);
            content.Write(block);
        }
        content.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content));
        content.Position = 0;

        await using (var client = await world.ConnectAsync(gateway.Port))
            await client.UploadAsync("/outbox/big.bin", content, default);
        await WaitForAsync(world, gateway, "/sent", "big.bin");

        Assert.That(await partner.TakenAsync(), Is.EqualTo(new[] { ((string?)"big.bin", sha256) }));
    }

    [Test]
    public async Task a_file_that_the_partner_refuses_comes_back_with_a_plain_reason()
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var world = TestWorld.Pair(data.Path, TestKeys.Rsa("Mallory"), OutsidePartner.Theirs, partner.Endpoint);
        await using var gateway = GatewayProcess.Start(data.Path, "run");
        await gateway.SaysAsync("Ctrl+C");

        await using (var client = await world.ConnectAsync(gateway.Port))
            await client.UploadAsync("/outbox/orders.edi", new MemoryStream("UNA"u8.ToArray()), default);
        await WaitForAsync(world, gateway, "/failed", "orders.edi");

        await using var reader = await world.ConnectAsync(gateway.Port);
        using var reason = new MemoryStream();
        await reader.DownloadAsync("/failed/orders.edi.reason.txt", reason, default);
        Assert.That(System.Text.Encoding.UTF8.GetString(reason.ToArray()), Does.Contain("authentication-failed"));
    }

    [Test]
    public async Task sub_folders_implicit_tls_limits_and_naming_are_as_set_and_sign_ins_and_transfers_are_on_record()
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var world = TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        var port = FreePort.TakeRange(4);
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(data["gateway.json"]))!;
        settings["Listen"] = JsonNode.Parse($$"""{ "FtpsImplicitPort": {{port + 3}}, "FtpsLimits": { "MaxUploadBytes": 1000, "IdleTimeout": "00:01:00" } }""");
        settings["Accounts"]![0]!["Naming"] = "{partner}-{name}";
        await File.WriteAllTextAsync(data["gateway.json"], settings.ToJsonString());
        await using var gateway = GatewayProcess.Start(data.Path, port, "run");
        await gateway.SaysAsync("Ctrl+C");

        string[] Curl(params string[] arguments) => [.. TestWorld.Curl(port, arguments).Select(each => each.Replace($"ftp://127.0.0.1:{port + 1}", $"ftps://127.0.0.1:{port + 3}", StringComparison.Ordinal))];
        (await Command.RunAsync("curl", Curl("--ftp-create-dirs", "-T", data.Write("order.edi", "UNA"), "FTP/outbox/orders/order.edi"))).Succeeded();
        var refused = await Command.RunAsync("curl", Curl("-T", data.Write("big.edi", new byte[2000]), "FTP/outbox/"));
        Assert.That(refused.ExitCode, Is.Not.Zero);
        await WaitForAsync(world, gateway, "/sent", "order.edi");
        Assert.That((await partner.TakenAsync()).Select(taken => taken.Name), Is.EqualTo(new[] { "order.edi" }));

        var (sender, partnership) = OutsidePartner.SenderTo(new Uri($"http://127.0.0.1:{port}/as2"));
        using (sender)
            Assert.That((await sender.SendAsync(Payloads.Payload.FromBytes("UNA"u8.ToArray(), "invoice.edi", "text/plain"), partnership, default)).IsAcknowledged);
        await WaitForAsync(world, gateway, "/inbox", "THEM-invoice.edi");
        (await Command.RunAsync("curl", Curl("FTP/inbox/THEM-invoice.edi"))).Succeeded();
        foreach (var record in (string[])["tester signed in from 127.0.0.1", "tester uploaded /outbox/orders/order.edi, 3 bytes: Taken", "/outbox/big.edi broke off", "tester downloaded /inbox/THEM-invoice.edi, 3 bytes"])
            await gateway.SaysAsync(record);
    }

    internal static async Task WaitForAsync(TestWorld world, GatewayProcess gateway, string folder, string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await using var client = await world.ConnectAsync(gateway.Port);
        while (!(await client.ListAsync(folder, limit.Token)).Any(f => f.Name == name))
            await Task.Delay(100, limit.Token);
    }

    /// <summary>Another implementation's zlib and CMS, over the MIME entity that the signature covers.</summary>
    private static byte[] Uncompress(byte[] entity)
    {
        var body = entity[(entity.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];
        var inner = new CmsCompressedData(ContentInfo.GetInstance(body)).GetContent();
        return inner[(inner.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];
    }
}
