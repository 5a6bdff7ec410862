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
        parties.TamperAnswer = _ =>
        {
            var receipt = ReceiptWriter.Write(new MessageDispositionNotification
            {
                Disposition = Disposition.Processed, FinalRecipient = "Bob", OriginalMessageId = parties.Requests[0].Headers["Message-ID"],
                Mic = Peer.Mic(DigestAlgorithm.Sha256, hashed),
            }, TwoParties.Keys("Bob"), DigestAlgorithm.Sha256, TimeProvider.System.GetUtcNow());
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ReadOnlyMemoryContent(receipt.Body) };
            answer.Content.Headers.TryAddWithoutValidation("Content-Type", receipt.Headers["Content-Type"]);
            return answer;
        };

        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order, "o.edi"), parties.Agreement, default);

        Assert.That(result.State, Is.EqualTo(MessageState.MicMismatch));
        Assert.That(result.Reason, Does.Contain(expected));
        Assert.That((await parties.AliceStore.GetAsync(result.Id, default))!.Diagnosis, Does.Contain(expected));
        Assert.That((await parties.AliceStore.GetHistoryAsync(result.Id, default)).Select(e => e.Text), Has.Some.Contains(expected));
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
