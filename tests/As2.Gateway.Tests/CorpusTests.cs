using System.Security.Cryptography;
using As2.Certificates;
using As2.Ftp;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>Messages of other products, posted to a running gateway as they went over the wire: payload, MIC and disposition.</summary>
public sealed class CorpusTests
{
    private static readonly string[] s_rows = ["plain", "signed-sha256", "signed-edifact", "enc-aes256-cbc", "comp-", "all-", "se-sha256-aes256", "se-sha1-3des", "err-", "ids-"];

    private TempFolder _data = null!;
    private GatewayProcess _gateway = null!;
    private TestWorld _world = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Requires.SharedCorpus();
        _data = new TempFolder();
        _world = TestWorld.Corpus(_data.Path);
        _gateway = GatewayProcess.Start(_data.Path, "run");
        await _gateway.SaysAsync("Ctrl+C");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        _data?.Dispose();
    }

    /// <summary>What issue reports begin with: plain, signed, encrypted, compressed, all of it, and what must be refused. The whole corpus is read in As2.Core.Tests.</summary>
    public static IEnumerable<TestCaseData> Messages => Corpus.Cases(e => e is { Kind: "request", Row: not null, Expect: not null and not "policy" }
        && e.Options?.Mdn != "async" && s_rows.Any(r => e.Row.StartsWith(r, StringComparison.Ordinal)) && !e.Row.EndsWith("-async", StringComparison.Ordinal));

    [TestCaseSource(nameof(Messages))]
    public async Task a_message_of_another_product_ends_as_the_manifest_says(CorpusEntry entry)
    {
        var answer = await RawHttp.SendAsync(_gateway.Port, ToEndpoint(Corpus.Bytes(entry.File)));

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        var receipt = entry.Options?.Mdn == "none" ? null : ReceiptReader.Read(answer.Headers, answer.Body, [_world.FtpsKey], DateTimeOffset.UtcNow);
        var disposition = receipt?.Notification?.Disposition ?? Disposition.Processed;
        if (entry.Expect != "processed")
        {
            Assert.That(entry.Expect!.Split('|').Append(entry.Expect.Contains("unknown", StringComparison.Ordinal) ? Disposition.UnknownTradingPartner.Text : entry.Expect), Does.Contain(disposition.Text), answer.Text);
            return;
        }
        Assert.That(disposition, Is.EqualTo(Disposition.Processed), answer.Text);
        Assert.That(await TakeNewestAsync(), Is.EqualTo(entry.ReceivedSha256));
        // OpenAS2 wants the digest that the options name; RFC 4130 §7.4.3 says that of the signature. The octets are the same.
        if (entry.Mic is not null && receipt?.Notification?.Mic is { } mic && mic.Algorithm == Expected(entry).Algorithm)
            Assert.That(mic.ToString(), Is.EqualTo(Expected(entry).ToString()));
    }

    /// <summary>The request as it was captured, to our address.</summary>
    private static byte[] ToEndpoint(byte[] request)
        => [.. "POST /as2 HTTP/1.1"u8, .. request.AsSpan(request.AsSpan().IndexOf("\r\n"u8))];

    private static MessageIntegrityCheck Expected(CorpusEntry entry)
        => MessageIntegrityCheck.TryParse($"{entry.Mic}, {entry.MicAlg}", out var mic) ? mic : throw new FormatException(entry.Mic);

    /// <summary>Takes the one file of the inbox, as the account's owner would, and gives its hash.</summary>
    private async Task<string> TakeNewestAsync()
    {
        await using var client = await _world.ConnectAsync(_gateway.Port);
        for (var attempt = 0; attempt < 500; attempt++)
        {
            if (await client.ListAsync("/inbox", default) is [var file, ..])
            {
                using var content = new MemoryStream();
                await client.DownloadAsync("/inbox/" + file.Name, content, default);
                await client.DeleteAsync("/inbox/" + file.Name, default);
                return Convert.ToHexStringLower(SHA256.HashData(content.ToArray()));
            }
            await Task.Delay(10);
        }
        return "nothing arrived";
    }
}
