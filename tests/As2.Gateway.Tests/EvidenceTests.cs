using System.IO.Compression;
using System.Text.RegularExpressions;
using As2.Testing;

namespace As2.Gateway.Tests;

public sealed partial class EvidenceTests
{
    [Test]
    public async Task openssl_verifies_the_evidence_of_what_was_sent_and_of_what_was_received()
    {
        Requires.Tool("openssl");
        using var data = new TempFolder();
        string[] messages;
        await using (var demo = GatewayProcess.Start(data.Path, "demo", "--exit"))
        {
            Assert.That(await demo.ExitAsync(), Is.Zero, demo.Said);
            messages = [.. MessageId().Matches(demo.Said).Select(m => m.Value)];
        }
        Assert.That(messages, Has.Length.EqualTo(2));
        // The settings' first partnership sent the first message and received the second.
        foreach (var message in messages)
        {
            using var folder = new TempFolder();
            await using var export = GatewayProcess.Start(data.Path, "evidence", message, "--out", folder["evidence.zip"]);
            Assert.That(await export.ExitAsync(), Is.Zero, export.Said);
            await ZipFile.ExtractToDirectoryAsync(folder["evidence.zip"], folder["out"]);
            var verified = (await Command.RunAsync("sh", ["verify.sh"], folder: folder["out"])).Succeeded();
            Assert.That(verified.Text, Does.Contain($"Original-Message-ID: {message}"));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(folder["out"], "verdict.json")), Does.Contain("\"outcome\": \"Confirmed\""));
        }
    }

    [Test]
    public async Task a_folder_in_which_no_store_has_worked_is_told()
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        await using var export = GatewayProcess.Start(data.Path, "evidence", "<nobody@nowhere>");
        await export.SaysAsync("AS2-STORE-010");
        Assert.That(await export.ExitAsync(), Is.EqualTo(1));
    }

    [GeneratedRegex(@"(?<=Message-ID )<[^>]+>")]
    private static partial Regex MessageId();
}
