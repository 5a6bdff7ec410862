using System.Text.Json;
using As2.Agreements;
using As2.Interop.Tests.Http;
using As2.Layers;
using As2.Payloads;
using As2.Storage;
using As2.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Interop.Tests;

/// <summary>We send over HTTP, libas2 receives; its receipt carries our MIC. It is unsigned: those that libas2 signs do not verify.</summary>
public sealed class ToLibas2Tests
{
    private static readonly string[] s_digests = ["sha-256", "sha-384", "sha-512"];

    [Test]
    public async Task our_message_arrives_with_our_mic(
        [ValueSource(nameof(s_digests))] string digest, [Values("aes128-cbc", "aes256-cbc", "none")] string cipher)
    {
        using var folder = new TempFolder();
        var order = Samples.Order();
        var encrypted = cipher != "none";
        using var libas2 = Libas2.Receive(Libas2.Settings(folder, digest, encrypted ? "aes256-CBC" : null, receipt: null, new { inbox = folder.Path }));
        var port = JsonDocument.Parse((await libas2.StandardOutput.ReadLineAsync())!).RootElement.GetProperty("port").GetInt32();
        var partnership = new Partnership
        {
            Local = new As2Identifier(Libas2.Us),
            Partner = new As2Identifier(Libas2.Them),
            Endpoint = new Uri($"http://127.0.0.1:{port}/"),
            ContentType = "application/EDI-X12",
            Receipt = new ReceiptAgreement { Requirement = ReceiptRequirement.Unsigned },
            Sending = new SecurityAgreement
            {
                Digest = DigestAlgorithm.TryParse(digest, out var algorithm) ? algorithm : throw new ArgumentException(digest),
                Encrypt = encrypted,
                Cipher = cipher == "aes128-cbc" ? ContentCipher.Aes128Cbc : ContentCipher.Aes256Cbc,
                KeyTransport = KeyTransport.RsaOaepSha256,
                PayloadEncoding = ContentTransferEncoding.Base64, // of a binary part libas2 keeps the CRLF that belongs to the boundary
            },
        };

        using var sender = As2Sender.Create(new PartnershipBook().Add(
            partnership, PartnershipCertificates.Of(Libas2.OurKey, TestKeys.PublicOf(Libas2.Key))));
        var result = await sender.SendAsync(Payload.FromBytes(order, "order.x12"), partnership, CancellationToken.None);
        libas2.StandardInput.Close();
        var said = await libas2.StandardOutput.ReadToEndAsync();

        Assert.That(result.IsAcknowledged, $"{result.Reason}\n{said}");
        Assert.That(File.ReadAllBytes(folder["order.x12"]), Is.EqualTo(order));
    }

    [Test]
    [Rfc("4130", "7.2")]
    public async Task its_asynchronous_receipt_settles_our_message()
    {
        using var folder = new TempFolder();
        var order = Samples.Order();
        using var libas2 = Libas2.Receive(Libas2.Settings(folder, "sha-256", encrypt: null, receipt: null, new { inbox = folder.Path }));
        var port = JsonDocument.Parse((await libas2.StandardOutput.ReadLineAsync())!).RootElement.GetProperty("port").GetInt32();
        var partnership = new Partnership
        {
            Local = new As2Identifier(Libas2.Us),
            Partner = new As2Identifier(Libas2.Them),
            Endpoint = new Uri($"http://127.0.0.1:{port}/"),
            ContentType = "application/EDI-X12",
            Sending = new SecurityAgreement { Encrypt = false, PayloadEncoding = ContentTransferEncoding.Base64 },
        };
        var certificates = PartnershipCertificates.Of(Libas2.OurKey, TestKeys.PublicOf(Libas2.Key));
        await using var endpoint = await Endpoint.StartAsync(partnership, certificates);
        partnership = partnership with { Receipt = new ReceiptAgreement { Requirement = ReceiptRequirement.Unsigned, AsynchronousUrl = new Uri(endpoint.Address) } };
        endpoint.Services.GetRequiredService<PartnershipBook>().Add(partnership, certificates);

        var sent = await endpoint.Services.GetRequiredService<As2Sender>().SendAsync(Payload.FromBytes(order, "order.x12"), partnership, CancellationToken.None);
        var said = await ReadUntilAsync(libas2.StandardOutput, "posted");
        libas2.StandardInput.Close();

        Assert.That(JsonDocument.Parse(said).RootElement.GetProperty("posted").GetInt32(), Is.EqualTo(200), sent.Reason);
        // It answers the post only when the outcome is durable.
        var message = await endpoint.Services.GetRequiredService<IMessageJournal>().GetAsync(sent.Id, CancellationToken.None);
        Assert.That(message!.State, Is.EqualTo(MessageState.Acknowledged));
        Assert.That(File.ReadAllBytes(folder["order.x12"]), Is.EqualTo(order));
    }

    private static async Task<string> ReadUntilAsync(StreamReader lines, string word)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var said = "";
        while (!said.Contains(word, StringComparison.Ordinal))
            said = await lines.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException($"libas2 ended before it said '{word}': {said}");
        return said;
    }
}
