using As2.Agreements;
using As2.Interop.Tests.Http;
using As2.Testing;

namespace As2.Interop.Tests;

/// <summary>libas2 sends over HTTP, our endpoint receives, libas2 verifies our receipt.</summary>
public sealed class FromLibas2Tests
{
    [TestCase("sha-256", "aes256-CBC", "sha-256", true)]
    [TestCase(null, "aes128-GCM", null, true)]
    [TestCase(null, null, "sha-384", true)]
    [TestCase(null, null, null)]
    [TestCase("sha-384", "aes192-GCM", "sha-512")]
    [TestCase("sha-512", "aes128-GCM", "sha-384")]
    [TestCase("sha-256", "aes256-CBC", "sha-256")]
    [TestCase("sha-256", "aes256-GCM", "sha-256")]
    [TestCase("sha-384", "aes192-CBC", "sha-384")]
    [TestCase("sha-512", "aes128-CBC", "sha-512")]
    [TestCase("sha-256", null, "sha-256")]
    [TestCase(null, "aes256-CBC", "sha-256")]
    [TestCase("sha-256", "aes256-CBC", null)]
    [Rfc("4130", "7.2")]
    public async Task its_message_arrives_and_our_receipt_satisfies_it(string? sign, string? encrypt, string? receipt, bool asynchronous = false)
    {
        using var folder = new TempFolder();
        var order = Samples.Order();
        await using var endpoint = await Endpoint.StartAsync(new Partnership
        {
            Local = new As2Identifier(Libas2.Us),
            Partner = new As2Identifier(Libas2.Them),
            Receiving = new SecurityRequirements { RequireSigned = sign is not null, RequireEncrypted = encrypt is not null },
            Receipt = new ReceiptAgreement { AllowedReceiptHosts = new HashSet<string> { "127.0.0.1" } },
        }, PartnershipCertificates.Of(Libas2.OurKey, TestKeys.PublicOf(Libas2.Key)));

        var answer = await Libas2.SendAsync(Libas2.Settings(folder, sign, encrypt, receipt, new
        {
            url = endpoint.Address, payload = folder.Write("order.x12", order), contentType = "application/EDI-X12", asynchronous,
        }));

        var (name, content) = await endpoint.ReceivedAsync();
        Assert.Multiple(() =>
        {
            Assert.That(answer.GetProperty("status").GetInt32(), Is.EqualTo(200));
            Assert.That(answer.GetProperty("processed").GetBoolean(), answer.ToString());
            Assert.That(answer.GetProperty("originalMessageId").GetString(), Is.EqualTo(answer.GetProperty("messageId").GetString()));
            Assert.That(name, Is.EqualTo("order.x12"));
            Assert.That(content, Is.EqualTo(order));
        });
    }
}
