using System.Text.RegularExpressions;
using As2.Certificates;
using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>A certificate's roll-over between two running gateways, by commands beside them and without a restart.</summary>
public sealed partial class CertificateExchangeTests
{
    private const string New = "ACME of next year";

    [Test]
    public async Task a_certificate_is_offered_and_accepted_beside_running_gateways()
    {
        using var acmeData = new TempFolder();
        using var globexData = new TempFolder();
        var (acmePort, globexPort) = (FreePort.TakeRange(2), FreePort.TakeRange(2));
        Write(acmeData, "ACME", "GLOBEX", acmePort, globexPort);
        Write(globexData, "GLOBEX", "ACME", globexPort, acmePort);
        await using var acme = GatewayProcess.Start(acmeData.Path, acmePort, "run");
        await using var globex = GatewayProcess.Start(globexData.Path, globexPort, "run");
        await acme.SaysAsync("Ctrl+C");
        await globex.SaysAsync("Ctrl+C");

        Assert.That(await SayAsync(acmeData, "offer", "ACME", "GLOBEX"), Does.Contain(TestKeys.Rsa(New).Thumbprint).And.Contain("Waiting"));
        await globex.SaysAsync(TestKeys.Rsa(New).Thumbprint);
        var waiting = await SayAsync(globexData, "list");
        Assert.That(waiting, Does.Contain("ACME offers to GLOBEX").And.Contain(TestKeys.Rsa(New).Thumbprint));
        Assert.That(await SayAsync(globexData, "accept", Id().Match(waiting).Value), Does.Contain("Accepted"));
        await ListsAsync(acmeData, "Accepted");

        // The old one leaves GLOBEX's settings: from now on only the new one can have signed.
        globexData.Write("theirs.cer", CertificateFile.ToPem(TestKeys.Rsa("nobody")));
        Assert.That(await SayAsync(globexData, "offer", "GLOBEX", "ACME"), Does.Contain("Waiting"));
        await acme.SaysAsync("GLOBEX waits for a decision");
        Assert.That(await SayAsync(acmeData, "reject", Id().Match(await ListFromAsync(acmeData, "GLOBEX offers to ACME")).Value, "--reason", "not now"), Does.Contain("not now"));
        await ListsAsync(globexData, "not now");
    }

    [TestCase("AS2-CEM-001", "offer", "ACME", "NOBODY")]
    [TestCase("AS2-CEM-004", "accept", "0123456789abcdef0123456789abcdef")]
    [TestCase("GW-CERTIFICATE-001", "offer", "ACME")]
    public async Task what_cannot_be_done_is_told(string id, params string[] words)
    {
        using var data = new TempFolder();
        Write(data, "ACME", "GLOBEX", 4080, 4090);
        await using var command = GatewayProcess.Start(data.Path, ["certificate", .. words]);
        await command.SaysAsync(id);
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }

    private static async Task<string> SayAsync(TempFolder data, string word, params string[] more)
    {
        await using var command = GatewayProcess.Start(data.Path, ["certificate", word, .. more]);
        Assert.That(await command.ExitAsync(), Is.Zero, command.Said);
        return command.Said;
    }

    /// <summary>What is listed from the line with this text on.</summary>
    private static async Task<string> ListFromAsync(TempFolder data, string text)
    {
        var lines = (await SayAsync(data, "list")).Split('\n');
        return string.Join('\n', lines.SkipWhile(line => !line.Contains(text, StringComparison.Ordinal)));
    }

    private static async Task ListsAsync(TempFolder data, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await SayAsync(data, "list")).Contains(text, StringComparison.Ordinal))
            await Task.Delay(200, limit.Token);
    }

    private static void Write(TempFolder data, string us, string them, int ourPort, int theirPort)
    {
        Write(data, "ours.pem", us, secret: true);
        Write(data, "next.pem", us + " of next year", secret: true);
        Write(data, "theirs.cer", them, secret: false);
        data.Write("gateway.json", $$"""
            {
              "As2": {
                "Stations": { "{{us}}": { "Certificates": [ "ours.pem", { "File": "next.pem", "For": "offer" } ] } },
                "Partnerships": [ {
                  "Local": "{{us}}", "Partner": "{{them}}", "Endpoint": "http://127.0.0.1:{{theirPort}}/as2", "Certificate": "theirs.cer",
                  "CertificateExchange": "ask", "CertificateExchangeUrl": "http://127.0.0.1:{{ourPort}}/as2",
                } ],
              },
            }
            """);
    }

    private static void Write(TempFolder data, string file, string name, bool secret)
        => data.Write(file, CertificateFile.ToPem(TestKeys.Rsa(name)) + (secret ? CertificateFile.ToKeyPem(TestKeys.Rsa(name)) : ""));

    [GeneratedRegex("[0-9a-f]{32}(?=  )")]
    private static partial Regex Id();
}
