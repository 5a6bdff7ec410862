using System.IO.Compression;
using As2.Certificates;
using As2.Ftp;
using As2.Storage;
using As2.Storage.Sqlite;
using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>
/// What a newcomer does: two gateways on one machine, each with a gateway.json written by hand, another preset, and receipts that come
/// later on a connection of their own.
/// </summary>
public sealed class TwoGatewaysTests
{
    private const string Password = "a password for both doors";

    [Test]
    public async Task files_go_both_ways_and_the_evidence_of_later_receipts_verifies_while_the_gateways_run()
    {
        Requires.Tool("openssl");
        using var acmeData = new TempFolder();
        using var globexData = new TempFolder();
        var (acmePort, globexPort) = (FreePort.TakeRange(3), FreePort.TakeRange(2));
        var hash = await HashAsync();
        Write(acmeData, "ACME", "GLOBEX", "openas2", acmePort, globexPort, hash);
        Write(globexData, "GLOBEX", "ACME", "mendelson", globexPort, acmePort, hash);

        await using var acme = GatewayProcess.Start(acmeData.Path, acmePort, "run");
        await using var globex = GatewayProcess.Start(globexData.Path, globexPort, "run");
        await acme.SaysAsync("Ctrl+C");
        await globex.SaysAsync("Ctrl+C");
        await SendAsync(acme, acmeData, globex, globexData, "order.edi");
        await SendAsync(globex, globexData, acme, acmeData, "invoice.edi");

        foreach (var (data, messages) in new[] { (acmeData, MessageIds(acmeData)), (globexData, MessageIds(globexData)) })
        {
            Assert.That(messages, Has.Count.EqualTo(2), "one sent, one received");
            foreach (var message in messages)
                await VerifyAsync(data, message);
        }

        // The partner's certificate rolls over, and the old one is removed: what it proved stays proven.
        Certificate(acmeData, "theirs.cer", "GLOBEX of next year", secret: false);
        foreach (var message in MessageIds(acmeData, MessageDirection.Outbound))
            await VerifyAsync(acmeData, message);
        await using var unknown = GatewayProcess.Start(acmeData.Path, "evidence", "<nobody@nowhere>");
        await unknown.SaysAsync("GW-EVIDENCE-001");
        Assert.That(await unknown.ExitAsync(), Is.EqualTo(1));
    }

    /// <summary>The file goes into one gateway's outbox, arrives in the other's inbox, and its receipt comes back.</summary>
    private static async Task SendAsync(GatewayProcess from, TempFolder fromData, GatewayProcess to, TempFolder toData, string name)
    {
        await using (var sender = await ConnectAsync(from, fromData))
            await sender.UploadAsync("/outbox/" + name, new MemoryStream("UNA:+.? '\n"u8.ToArray()), default);
        await WaitAsync(from, fromData, "/sent", name);
        await WaitAsync(to, toData, "/inbox", name);
        await WaitAsync(from, fromData, "/receipts", name + ".mdn");
    }

    private static async Task VerifyAsync(TempFolder data, string message)
    {
        using var folder = new TempFolder();
        await using var export = GatewayProcess.Start(data.Path, "evidence", message, "--out", folder["evidence.zip"]);
        Assert.That(await export.ExitAsync(), Is.Zero, export.Said);
        await ZipFile.ExtractToDirectoryAsync(folder["evidence.zip"], folder["out"]);
        var verified = (await Command.RunAsync("sh", ["verify.sh"], folder: folder["out"])).Succeeded();
        Assert.That(verified.Text, Does.Contain($"Original-Message-ID: {message}"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder["out"], "verdict.json")), Does.Contain("\"outcome\": \"Confirmed\""));
    }

    private static void Write(TempFolder data, string us, string them, string preset, int ourPort, int theirPort, string hash)
    {
        Certificate(data, "ours.pem", us, secret: true);
        Certificate(data, "theirs.cer", them, secret: false);
        data.Write("gateway.json", $$"""
            {
              // Comments and commas at the end are fine.
              "As2": {
                "Stations": { "{{us}}": { "Certificate": "ours.pem" } },
                "Partnerships": [ {
                  "Local": "{{us}}", "Partner": "{{them}}", "Preset": "{{preset}}",
                  "Endpoint": "http://127.0.0.1:{{theirPort}}/as2", "Certificate": "theirs.cer",
                  "ReceiptUrl": "http://127.0.0.1:{{ourPort}}/as2",
                  "Routes": [ "mailbox:door" ],
                } ],
              },
              "Accounts": [ { "Name": "door", "PasswordHash": "{{hash}}", "Local": "{{us}}", "Partner": "{{them}}" } ],
            }
            """);
    }

    private static void Certificate(TempFolder data, string file, string name, bool secret)
        => data.Write(file, CertificateFile.ToPem(TestKeys.Rsa(name)) + (secret ? CertificateFile.ToKeyPem(TestKeys.Rsa(name)) : ""));

    /// <summary>As an operator gets it: <c>gateway password</c>.</summary>
    private static async Task<string> HashAsync()
        => (await Command.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "gateway.dll"), "password"], System.Text.Encoding.ASCII.GetBytes(Password + "\n"))).Succeeded().Text.Trim();

    private static Task<FtpClient> ConnectAsync(GatewayProcess gateway, TempFolder data) => FtpClient.ConnectAsync(new FtpClientOptions
    {
        Host = "127.0.0.1",
        Port = gateway.Port + 1,
        User = "door",
        Password = Password,
        Trust = FtpTrust.Pinned(CertificateFile.Load(Path.Combine(data.Path, "keys", "ftps.cer")).Thumbprint),
    });

    private static async Task WaitAsync(GatewayProcess gateway, TempFolder data, string folder, string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await using var client = await ConnectAsync(gateway, data);
        while (!(await client.ListAsync(folder, limit.Token)).Any(f => f.Name == name))
            await Task.Delay(100, limit.Token);
    }

    private static List<string> MessageIds(TempFolder data, MessageDirection? direction = null)
    {
        using var journal = new SqliteJournal(data.Path);
        return [.. journal.ListAsync(new MessageQuery(), default).AsTask().Result
            .Where(m => direction is null || m.Key.Direction == direction).Select(m => $"<{m.Key.MessageId}>")];
    }
}
