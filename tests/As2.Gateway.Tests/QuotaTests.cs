using System.Text.Json.Nodes;
using As2.Ftp;
using As2.Payloads;
using As2.Storage;
using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>An organisation beyond its quota: its uploads and its partners hear so, and everything else goes on.</summary>
public sealed class QuotaTests
{
    [Test]
    public async Task beyond_the_messages_of_a_day_an_upload_hears_552_and_a_partner_503()
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        var world = TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        var settings = JsonNode.Parse(File.ReadAllText(data["gateway.json"]))!;
        settings["Organisations"] = new JsonObject { ["We"] = new JsonArray("US") };
        settings["Quotas"] = new JsonObject { ["We"] = new JsonObject { ["MaxMessagesPerDay"] = 1 } };
        File.WriteAllText(data["gateway.json"], settings.ToJsonString());
        var port = FreePort.TakeRange(2);
        await using var gateway = GatewayProcess.Start(data.Path, port, "run");
        await gateway.SaysAsync("Ctrl+C");
        await using var client = await world.ConnectAsync(port);

        await client.UploadAsync("/outbox/first.edi", new MemoryStream([1]), default);
        var refused = Assert.ThrowsAsync<FtpException>(async () => await client.UploadAsync("/outbox/second.edi", new MemoryStream([2]), default))!;
        var (sender, partnership) = OutsidePartner.SenderTo(new Uri($"http://127.0.0.1:{port}/as2"));
        using var _ = sender;
        var sent = await sender.SendAsync(Payload.FromBytes("3"u8.ToArray(), "third.edi"), partnership, default);

        Assert.That((refused.Code, refused.Message), Is.EqualTo((552, refused.Message)));
        Assert.That(refused.Message, Does.Contain("We has had its 1 messages of today"));
        Assert.That((sent.State, sent.Reason), Is.EqualTo((MessageState.RetryWait, sent.Reason)));
        Assert.That(sent.Reason, Does.Contain("503"));
    }
}
