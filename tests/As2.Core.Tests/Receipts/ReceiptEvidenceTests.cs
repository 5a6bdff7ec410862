using System.IO.Compression;
using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Receipts;

public sealed class ReceiptEvidenceTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] s_body = "the message"u8.ToArray();

    [Rfc("4130", "9.1")]
    [Rfc("4130", "2.3.1")]
    [Test]
    public async Task the_commands_inside_verify_the_archive_without_us([Values] bool ec, [Values] bool windowEnds)
    {
        using var folder = new TempFolder();
        await Extract(await Export(ec, windowEnds), folder);
        var result = await Command.RunAsync("sh", ["verify.sh"], folder: folder.Path);
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.Zero, () => result.Error);
            Assert.That(result.Text, Does.Contain("message.http: OK").And.Contain("receipt-content.bin: OK"));
            Assert.That(result.Text, Does.Contain("Original-Message-ID: <1@us>").And.Contain("Received-Content-MIC: "));
            Assert.That(File.ReadAllText(folder["verdict.json"]), Does.Contain("\"outcome\": \"Confirmed\""));
            Assert.That(File.ReadAllBytes(folder["message.http"]), Is.EqualTo((byte[])[.. "AS2-From: US\r\n\r\n"u8, .. s_body]));
        });
    }

    [TestCase("receipt-content.bin")]
    [TestCase("message.http")]
    [TestCase("signer.pem")]
    public async Task an_altered_archive_does_not_verify(string file)
    {
        using var folder = new TempFolder();
        await Extract(await Export(ec: true, windowEnds: false), folder);
        var content = await File.ReadAllBytesAsync(folder[file]);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(folder[file], content);
        Assert.That((await Command.RunAsync("sh", ["verify.sh"], folder: folder.Path)).ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task an_altered_receipt_with_fitting_sums_does_not_verify_either()
    {
        using var folder = new TempFolder();
        await Extract(await Export(ec: true, windowEnds: false), folder);
        var content = await File.ReadAllTextAsync(folder["receipt-content.bin"]);
        await File.WriteAllTextAsync(folder["receipt-content.bin"], content.Replace("<1@us>", "<2@us>", StringComparison.Ordinal));
        var sums = await Command.RunAsync("sh", ["-c", "sha256sum message.http receipt.http receipt-content.bin > SHA256SUMS"], folder: folder.Path);
        Assert.That(sums.ExitCode, Is.Zero);
        Assert.That((await Command.RunAsync("sh", ["verify.sh"], folder: folder.Path)).ExitCode, Is.Not.Zero);
    }

    [TestCase("the settings hold it", ReceiptOutcome.Confirmed)]
    [TestCase("the history names it", ReceiptOutcome.Confirmed)]
    [TestCase("the history names another", ReceiptOutcome.NotTrusted)]
    [TestCase("nobody knows it", ReceiptOutcome.NotTrusted)]
    public async Task a_receipt_counts_by_the_settings_or_by_what_the_history_says_of_its_signer(string how, ReceiptOutcome outcome)
    {
        var (bob, partnership) = (TestKeys.Rsa("bob"), new Partnership { Local = new("US"), Partner = new("THEM") });
        var (sent, receipt) = Exchange(bob, bob);
        var confirmed = ReceiptVerification.Verify(receipt, sent, partnership).Reason;
        var line = how switch
        {
            "the history names it" => confirmed,
            "the history names another" => confirmed.Replace(bob.Thumbprint, TestKeys.Rsa("mallory").Thumbprint, StringComparison.Ordinal),
            _ => "processed",
        };
        sent = sent with { Changed = s_now, Receipt = new(receipt.Headers, StoredContent.FromBytes(receipt.Body)) };
        var evidence = await ReceiptEvidence.EstablishAsync(
            sent, partnership, how == "the settings hold it" ? [bob] : [TestKeys.Rsa("bob of next year")], [new(1, "1", s_now, "receipt", line)],
            (content, _) => new(new MemoryStream(content.Inline!.Value.ToArray())), CancellationToken.None);
        Assert.That(evidence.Verdict.Outcome, Is.EqualTo(outcome), evidence.Verdict.Reason);
    }

    private static async Task<byte[]> Export(bool ec, bool windowEnds)
    {
        var bob = ec ? TestKeys.Ec("bob") : TestKeys.Rsa("bob");
        var agreed = new As2.Certificates.As2Certificate(TestKeys.PublicOf(bob).Certificate, notAfter: windowEnds ? s_now.AddDays(1) : null);
        var (sent, receipt) = Exchange(bob, agreed);
        var evidence = new ReceiptEvidence
        {
            Message = sent,
            Receipt = receipt,
            Verdict = ReceiptVerification.Verify(receipt, sent, new Partnership { Local = new("US"), Partner = new("THEM") }),
            Established = s_now,
        };
        using var archive = new MemoryStream();
        await evidence.ExportAsync(archive, (content, _) => new(new MemoryStream(content.Inline!.Value.ToArray())), CancellationToken.None);
        return archive.ToArray();
    }

    private static (StoredMessage Sent, Receipt Receipt) Exchange(As2.Certificates.As2Certificate bob, As2.Certificates.As2Certificate agreed)
    {
        var mic = new MessageIntegrityCheck(DigestAlgorithm.Sha256, Digester.Hash(DigestAlgorithm.Sha256, s_body));
        var written = ReceiptWriter.Write(
            new() { FinalRecipient = "THEM", OriginalMessageId = "<1@us>", Disposition = Disposition.Processed, Mic = mic }, bob, DigestAlgorithm.Sha256, s_now);
        var receipt = ReceiptReader.Read(written.Headers, written.Body, [agreed], s_now);
        var sent = new StoredMessage
        {
            Id = "1",
            Key = new(MessageDirection.Outbound, new("US"), new("THEM"), "1@us"),
            MessageId = "<1@us>",
            State = MessageState.Acknowledged,
            Mics = [mic.ToString()],
            Wire = new(new HeaderFields { { "AS2-From", "US" } }, new StoredContent { Length = s_body.Length, Sha256 = Convert.ToHexStringLower(Digester.Hash(DigestAlgorithm.Sha256, s_body)), Inline = s_body }),
        };
        return (sent, receipt);
    }

    private static async Task Extract(byte[] archive, TempFolder folder)
    {
        await using var zip = new ZipArchive(new MemoryStream(archive));
        await zip.ExtractToDirectoryAsync(folder.Path);
    }
}
