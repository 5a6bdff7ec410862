using As2.Agreements;
using As2.Layers;
using As2.Payloads;
using As2.Receipts;
using As2.Storage;

namespace As2.Core.Tests.Walks;

/// <summary>Several payloads in one message (RFC 6362), from payloads to receipt: all or none.</summary>
[Property("Rfc", "6362")]
public sealed class AttachmentTests
{
    private static readonly byte[] s_order = "UNB+UNOA:1+ALICE+BOB+261123:1900+1'"u8.ToArray();
    private static readonly byte[] s_drawing = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];

    private static IReadOnlyList<Payload> Three =>
    [
        Payload.FromBytes(s_order, "order.edi", "application/edifact"), Payload.FromBytes(s_drawing, "../drawing.pdf", "application/pdf"),
        Payload.FromBytes(default, "empty.xml", "application/xml"),
    ];

    [Test, Combinatorial]
    public async Task every_payload_arrives_whole_with_its_name([Values] bool sign, [Values] bool encrypt, [Values] Compression compression)
    {
        using var parties = new TwoParties(p => p with { Sending = new SecurityAgreement { Sign = sign, Encrypt = encrypt, Compression = compression } });

        var result = await parties.Sender.SendAsync(Three, parties.Agreement, default);

        Assert.That(result.State, Is.EqualTo(MessageState.Acknowledged), result.Reason);
        var received = (await parties.BobStore.FindAsync(RoundTripTests.KeyAtBob(result.MessageId!), default))!;
        Assert.That(received.Payloads.Select(p => p.FileName), Is.EqualTo(new[] { "order.edi", "../drawing.pdf", "empty.xml" }));
        Assert.That(received.Payloads.Select(p => FileNamePolicy.MakeSafe(p.FileName, "x")), Is.EqualTo(new[] { "order.edi", "drawing.pdf", "empty.xml" }));
        Assert.That(received.Payloads.Select(p => p.ContentType), Is.EqualTo(new[] { "application/edifact", "application/pdf", "application/xml" }));
        foreach (var (payload, octets) in received.Payloads.Zip(new byte[][] { s_order, s_drawing, [] }))
            Assert.That(await TwoParties.ReadAsync(parties.BobStore, payload.Content), Is.EqualTo(octets));
    }

    [Test]
    public async Task one_bad_octet_in_any_of_them_refuses_them_all()
    {
        using var parties = new TwoParties(p => p with { Sending = new SecurityAgreement { Encrypt = false } });
        parties.Tamper = (h, b) =>
        {
            b[b.AsSpan().IndexOf("empty.xml"u8)] ^= 1;
            return (h, b);
        };

        var result = await parties.Sender.SendAsync(Three, parties.Agreement, default);

        Assert.That(result.State, Is.EqualTo(MessageState.Rejected), result.Reason);
        Assert.That((await parties.BobStore.GetAsync(parties.Answers[0].Id!, default))!.Payloads, Is.Empty);
    }

    [TestCase(FileNameReaction.Rename, "processed")]
    [TestCase(FileNameReaction.Warn, "processed/warning: illegal-filename")]
    [TestCase(FileNameReaction.Refuse, "processed/error: illegal-filename")]
    public async Task a_name_that_cannot_be_kept_is_answered_as_agreed(FileNameReaction reaction, string disposition)
    {
        using var parties = new TwoParties(null, p => p with { Receiving = p.Receiving with { UnusualFileNames = reaction } });
        var result = await parties.Sender.SendAsync(Three, parties.Agreement, default);
        Assert.That(result.Disposition.ToString(), Is.EqualTo(disposition));
        Assert.That(result.State, Is.EqualTo(reaction == FileNameReaction.Refuse ? MessageState.Rejected : MessageState.Acknowledged), result.Reason);
    }

    [Test]
    public async Task two_payloads_of_one_name_are_told_by_agreement()
    {
        using var parties = new TwoParties(null, p => p with { Receiving = p.Receiving with { UnusualFileNames = FileNameReaction.Warn } });
        var result = await parties.Sender.SendAsync([Three[0], Three[0]], parties.Agreement, default);
        Assert.That(result.Disposition.ToString(), Is.EqualTo("processed/warning: duplicate-filename"));
    }

    [Test]
    public async Task more_attachments_than_allowed_are_refused()
    {
        using var parties = new TwoParties();
        var many = Enumerable.Range(0, LayerLimits.Default.MaxAttachments + 1).Select(i => Payload.FromBytes(s_order, $"{i}.edi")).ToList();
        var result = await parties.Sender.SendAsync(many, parties.Agreement, default);
        Assert.That(result.Disposition, Is.EqualTo(Disposition.UnexpectedProcessingError));
    }

    [TestCase("multipart/related; boundary=b", TestName = "no type parameter, no Content-Type, names in doubled quotes")]
    [TestCase("multipart/mixed; boundary=\"b\"", TestName = "mixed in place of related")]
    public async Task attachments_are_read_in_the_forms_of_other_products(string type)
    {
        using var peer = new Peer();
        var body = "--b\r\n\r\none\r\n--b\r\nContent-Type: image/tiff\r\nContent-Disposition: attachment; filename=\"\"a.tif\"\"\r\n\r\ntwo\r\n--b--"u8.ToArray();
        var answer = await peer.PostAsync(body, ("Content-Type", type));
        var payloads = await peer.PayloadsAsync(answer);
        Assert.That(payloads.Select(p => (p.About.ContentType, p.About.FileName)), Is.EqualTo(new[] { ("application/octet-stream", (string?)null), ("image/tiff", "a.tif") }));
        Assert.That(payloads.Select(p => System.Text.Encoding.ASCII.GetString(p.Octets)), Is.EqualTo(new[] { "one", "two" }));
        Assert.That(Peer.ReceiptOf(answer).Notification!.Mic, Is.EqualTo(Peer.Mic(DigestAlgorithm.Sha1, body)));
    }
}
