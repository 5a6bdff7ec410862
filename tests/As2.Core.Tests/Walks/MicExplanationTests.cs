using System.Net;
using As2.Agreements;
using As2.Layers;
using As2.Payloads;
using As2.Receipts;
using As2.Storage;

namespace As2.Core.Tests.Walks;

/// <summary>A MIC that is not ours is explained where it can be: in the result, in the history, on both sides.</summary>
public sealed class MicExplanationTests
{
    private static readonly byte[] s_order = "UNB+UNOA:1+ALICE+BOB+261123:1900+1'\n"u8.ToArray();

    [TestCase("the body without its header", TestName = "bare")]
    [TestCase("with CRLF line ends", TestName = "crlf")]
    [TestCase("no reading known here", TestName = "nothing")]
    public async Task the_sender_says_what_the_partner_hashed(string expected)
    {
        using var parties = new TwoParties();
        byte[] hashed = expected[0] == 't' ? s_order : expected[0] == 'w' ? "UNB+UNOA:1+ALICE+BOB+261123:1900+1'\r\n"u8.ToArray() : [1];
        parties.TamperAnswer = _ => ReceiptWith(Peer.Mic(DigestAlgorithm.Sha256, hashed), parties);

        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order, "o.edi"), parties.Agreement, default);

        Assert.That(result.State, Is.EqualTo(MessageState.MicMismatch));
        Assert.That(result.Reason, Does.Contain(expected));
        Assert.That((await parties.AliceStore.GetAsync(result.Id, default))!.Diagnosis, Does.Contain(expected));
        Assert.That((await parties.AliceStore.GetHistoryAsync(result.Id, default)).Select(e => e.Text), Has.Some.Contains(expected));
    }

    private static IEnumerable<TestCaseData> Securities()
    {
        foreach (var count in new[] { 1, 2 })
        {
            yield return new TestCaseData(new SecurityAgreement { Encrypt = false }, count).SetName($"signed, {count}");
            yield return new TestCaseData(new SecurityAgreement(), count).SetName($"signed and encrypted, {count}");
            yield return new TestCaseData(new SecurityAgreement { Compression = Compression.BeforeSigning }, count).SetName($"compressed, signed, {count}");
            yield return new TestCaseData(new SecurityAgreement { Compression = Compression.AfterSigning, PayloadEncoding = ContentTransferEncoding.Base64 }, count).SetName($"base64, signed, compressed, {count}");
            yield return new TestCaseData(new SecurityAgreement { Sign = false }, count).SetName($"encrypted, {count}");
            yield return new TestCaseData(new SecurityAgreement { Sign = false, Encrypt = false }, count).SetName($"bare, {count}");
            yield return new TestCaseData(new SecurityAgreement { Sign = false, Encrypt = false, Compression = Compression.BeforeSigning }, count).SetName($"compressed, {count}");
        }
    }

    /// <summary>Quirk 98: the digest that the partner chose is taken of what was sent, and compared.</summary>
    [TestCaseSource(nameof(Securities))]
    public async Task a_mic_in_another_digest_is_compared_after_all(SecurityAgreement security, int count)
    {
        byte[] large = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
        foreach (var (digest, asynchronous) in new[] { (DigestAlgorithm.Sha512, false), (DigestAlgorithm.Sha1, true), (DigestAlgorithm.Sha384, true) })
        {
            // Bob hashes in the digest that he is asked for, and the request is changed on its way.
            using var parties = new TwoParties(
                p => p with { Sending = security, Receipt = p.Receipt with { AsynchronousUrl = asynchronous ? new Uri("http://alice.invalid/r") : null } },
                p => p with { Quirks = new HashSet<PartnerQuirk> { PartnerQuirk.MicByReceiptOptions } });
            parties.Tamper = (h, b) => (TwoParties.Headers(h.Select(f => KeyValuePair.Create(f.Key, f.Value.Replace("micalg=optional, sha-256", $"micalg=optional, {digest}", StringComparison.Ordinal)))), b);
            var result = await parties.Sender.SendAsync(
                [.. Enumerable.Range(0, count).Select(i => Payload.FromBytes(large, $"{i}.edi"))], parties.Agreement, default);
            if (asynchronous)
                await parties.Receipts.RunAsync((await parties.BobStore.ClaimAsync(JobKind.SendReceipt, 1, TimeSpan.FromMinutes(1), default)).Single(), default);

            var sent = await parties.AliceStore.GetAsync(result.Id, default);
            Assert.That(sent!.State, Is.EqualTo(MessageState.Acknowledged), $"{digest}: {sent.Diagnosis}");
            Assert.That((await parties.AliceStore.GetHistoryAsync(result.Id, default)).Select(e => e.Text), Has.Some.Contains($", {digest}"));
        }
    }

    [TestCase("sha-512", false, "ours is")]
    [TestCase("md5", true, "cannot be compared")]
    public async Task another_digest_of_other_octets_or_one_that_is_not_allowed_confirms_nothing(string name, bool isOfOurs, string expected)
    {
        using var parties = new TwoParties(p => p with { Sending = new SecurityAgreement { Sign = false, Encrypt = false } });
        Assert.That(DigestAlgorithm.TryParse(name, out var digest));
        parties.TamperAnswer = _ => ReceiptWith(Peer.Mic(digest!, isOfOurs ? s_order : [1]), parties);
        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order, "o.edi"), parties.Agreement, default);
        Assert.That(result.State, Is.EqualTo(MessageState.MicMismatch));
        Assert.That(result.Reason, Does.Contain(expected));
    }

    [Test]
    public async Task what_the_partner_hashed_of_several_payloads_is_said_too()
    {
        using var parties = new TwoParties(p => p with { Sending = new SecurityAgreement { Encrypt = false } });
        parties.TamperAnswer = _ =>
        {
            var body = parties.Requests[0].Body;
            var entity = body.AsSpan(body.AsSpan().IndexOf("\r\n"u8) + 2);
            var content = entity[(entity.IndexOf("\r\n\r\n"u8) + 4)..];
            return ReceiptWith(Peer.Mic(DigestAlgorithm.Sha256, content[..(content.IndexOf("--\r\n"u8) + 4)]), parties);
        };
        var result = await parties.Sender.SendAsync([Payload.FromBytes(s_order, "1.edi"), Payload.FromBytes(s_order, "2.edi")], parties.Agreement, default);
        Assert.That(result.State, Is.EqualTo(MessageState.MicMismatch));
        Assert.That(result.Reason, Does.Contain("the body without its header"));
    }

    private static HttpResponseMessage ReceiptWith(MessageIntegrityCheck mic, TwoParties parties)
    {
        var receipt = ReceiptWriter.Write(new MessageDispositionNotification
        {
            Disposition = Disposition.Processed, FinalRecipient = "Bob", OriginalMessageId = parties.Requests[0].Headers["Message-ID"], Mic = mic,
        }, TwoParties.Keys("Bob"), DigestAlgorithm.Sha256, TimeProvider.System.GetUtcNow());
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ReadOnlyMemoryContent(receipt.Body) };
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", receipt.Headers["Content-Type"]);
        return answer;
    }

    [Test]
    public async Task the_receiver_says_what_the_signer_hashed()
    {
        using var peer = new Peer();
        var entity = "Content-Type: application/edifact\r\nContent-Transfer-Encoding: binary\r\n\r\nUNB+1'"u8.ToArray();
        var cms = SignedData.CreateDetached(Digester.Hash(DigestAlgorithm.Sha256, "UNB+1'"u8), new SecurityAgreement(), TwoParties.Keys("Alice"), TimeProvider.System.GetUtcNow());
        byte[] body = [.. "--b\r\n"u8, .. entity, .. "\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\r\n"u8, .. cms, .. "\r\n--b--\r\n"u8];

        var answer = await peer.PostAsync(body, ("Content-Type", "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b"));

        Assert.That(answer.Disposition, Is.EqualTo(Disposition.IntegrityCheckFailed));
        Assert.That(answer.Diagnosis, Does.Contain("The signer hashed the body without its header"));
    }
}
