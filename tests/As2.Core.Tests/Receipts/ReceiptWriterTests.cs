using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Testing;

namespace As2.Core.Tests.Receipts;

public sealed class ReceiptWriterTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly MessageDispositionNotification s_notification = new()
    {
        ReportingUa = "As2Sdk/1.0",
        OriginalRecipient = "\"ACME Corp\"",
        FinalRecipient = "\"ACME Corp\"",
        OriginalMessageId = "<1@a>",
        Disposition = Disposition.Processed,
        Mic = new MessageIntegrityCheck(DigestAlgorithm.Sha256, Digester.Hash(DigestAlgorithm.Sha256, "x"u8)),
    };

    [Rfc("4130", "7.4.2")]
    [Rfc("4130", "7.5.1")]
    [Rfc("4130", "5.3.2")]
    [Rfc("8098", "3.1")]
    [Rfc("8098", "3.2.1")]
    [Rfc("8098", "3.2.4")]
    [Rfc("8098", "3.2.5")]
    [Test]
    public void the_notification_has_the_order_and_spelling_of_the_grammar()
    {
        var body = Encoding.ASCII.GetString(ReceiptWriter.Write(s_notification, null, DigestAlgorithm.Sha256, s_now).Body.Span);
        Assert.That(body, Does.Contain(
            "Content-Type: message/disposition-notification\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
            + "Reporting-UA: As2Sdk/1.0\r\n"
            + "Original-Recipient: rfc822; \"ACME Corp\"\r\n"
            + "Final-Recipient: rfc822; \"ACME Corp\"\r\n"
            + "Original-Message-ID: <1@a>\r\n"
            + "Disposition: automatic-action/MDN-sent-automatically; processed\r\n"
            + "Received-Content-MIC: LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=, sha-256\r\n\r\n"));
    }

    [Rfc("4130", "7.4.1")]
    [Rfc("3798", "3.1")]
    [Test]
    public void a_receipt_is_read_as_it_was_written([Values] bool signed, [Values("sha1", "sha-224", "sha-256", "sha-512", "sha3-384")] string name)
    {
        Assert.That(DigestAlgorithm.TryParse(name, out var digest));
        var written = ReceiptWriter.Write(s_notification, signed ? TestKeys.Rsa("bob") : null, digest!, s_now);
        var read = ReceiptReader.Read(written.Headers, written.Body, [TestKeys.PublicOf(TestKeys.Rsa("bob"))], s_now);
        Assert.Multiple(() =>
        {
            Assert.That(read.Fault, Is.Null);
            Assert.That(read.IsSigned, Is.EqualTo(signed));
            Assert.That(read.Digest, Is.EqualTo(signed ? digest : null));
            Assert.That(read.Notification! with { Remarks = [] }, Is.EqualTo(s_notification with { Remarks = [] }).Using<MessageDispositionNotification>(Same));
            Assert.That(read.Text, Is.EqualTo(written.Text));
            Assert.That(read.Remarks, Is.Empty);
        });
    }

    [Rfc("4130", "7.4.1")]
    [Test]
    public async Task openssl_verifies_a_signed_receipt([Values] SignatureScheme scheme, [Values] bool attributes)
    {
        var bob = TestKeys.Rsa("bob");
        var receipt = ReceiptWriter.Write(s_notification, new ReceiptWriterOptions
        {
            Signer = bob,
            Security = new() { Signature = scheme, SignedAttributes = attributes },
            Now = s_now,
        });
        using var folder = new TempFolder();
        var (certificate, _) = TestKeys.WritePem(bob, folder, "bob");
        byte[] message = [.. receipt.Headers.ToBytes(), .. "\r\n"u8, .. receipt.Body.Span];
        var content = await Openssl.RunAsync(message, "cms", "-verify", "-inform", "SMIME", "-CAfile", certificate, "-purpose", "any");
        Assert.That(Encoding.ASCII.GetString(content), Does.StartWith("Content-Type: multipart/report; report-type=disposition-notification"));
    }

    [Rfc("4130", "5.3.3")]
    [Rfc("8098", "3.2.5")]
    [TestCase("<a@b>\r\nDisposition: x", "<a@b>??Disposition: x")]
    [TestCase("<a\0@b>", "<a?@b>")]
    [TestCase("<Zürich@b>", "<Zürich@b>")]
    public void remote_text_cannot_add_a_line_and_is_echoed_as_it_came(string id, string echoed)
    {
        var receipt = ReceiptWriter.Write(s_notification with { OriginalMessageId = id }, null, DigestAlgorithm.Sha256, s_now);
        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetString(receipt.Body.Span).Split("\r\n").Count(l => l.StartsWith("Disposition:", StringComparison.Ordinal)), Is.EqualTo(1));
            Assert.That(receipt.Body.ToArray().Where(b => b is < 32 and not 13 and not 10), Is.Empty);
            Assert.That(ReceiptReader.Read(receipt.Headers, receipt.Body, [], s_now).Notification!.OriginalMessageId, Is.EqualTo(echoed));
        });
    }

    [Test]
    public void no_line_is_folded_even_with_a_long_digest_and_every_line_ends_in_crlf()
    {
        var mic = new MessageIntegrityCheck(DigestAlgorithm.Sha512, new byte[64]);
        var receipt = ReceiptWriter.Write(s_notification with { Mic = mic }, TestKeys.Rsa("bob"), DigestAlgorithm.Sha512, s_now);
        var body = Encoding.ASCII.GetString(receipt.Body.Span);
        Assert.Multiple(() =>
        {
            Assert.That(body, Does.Contain($"Received-Content-MIC: {Convert.ToBase64String(new byte[64])}, sha-512\r\n"));
            Assert.That(body.Split("\r\n").Where(l => l.StartsWith(' ') || l.Contains('\n') || l.Contains('\r')), Is.Empty);
            Assert.That(body, Does.EndWith("--\r\n"));
            Assert.That(receipt.Headers.Single().Value, Does.Contain("micalg=sha-512; ").And.Not.EndWith(";"));
        });
    }

    [Test]
    public void old_digest_names_are_written_for_those_who_need_them()
    {
        var receipt = ReceiptWriter.Write(s_notification, new ReceiptWriterOptions
        {
            Signer = TestKeys.Rsa("bob"),
            Quirks = new HashSet<PartnerQuirk> { PartnerQuirk.OldDigestNames },
            Now = s_now,
        });
        Assert.That(receipt.Headers[As2HeaderNames.ContentType], Does.Contain("micalg=sha256;"));
        Assert.That(Encoding.ASCII.GetString(receipt.Body.Span), Does.Contain("=, sha256\r\n"));
    }

    [Rfc("3218", "2.3")]
    [Test]
    public void the_text_of_a_failed_decryption_says_the_same_whatever_happened()
    {
        var texts = new[] { 1, 2 }.Select(_ => ReceiptWriter.Write(s_notification with { Disposition = Disposition.DecryptionFailed, Mic = null }, null, DigestAlgorithm.Sha256, s_now).Text);
        Assert.That(texts.Distinct(), Is.EqualTo(new[] { texts.First() }));
        Assert.That(texts.First(), Does.StartWith("The message could not be decrypted.\r\n"));
    }

    private static bool Same(MessageDispositionNotification a, MessageDispositionNotification b)
        => (a.ReportingUa, a.OriginalRecipient, a.FinalRecipient, a.OriginalMessageId, a.Disposition) == (b.ReportingUa, b.OriginalRecipient, b.FinalRecipient, b.OriginalMessageId, b.Disposition)
            && Equals(a.Mic, b.Mic);
}
