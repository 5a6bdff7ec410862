using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Receipts;

namespace As2.Core.Tests.Walks;

/// <summary>What deployed products write into header fields, and what the receive walk makes of it (quirks 3 to 27).</summary>
public sealed class HeaderReadingTests
{
    private static readonly byte[] s_order = "UNB+UNOA:1+ALICE+BOB+261123:1900+1'"u8.ToArray();

    [TestCase("Alice", "Alice", TestName = "atomic")]
    [TestCase("Alice", "\"Alice\"", TestName = "quoted without need")]
    [TestCase("Alice", "  Alice\t", TestName = "blanks around it")]
    [TestCase("Alice Co Ltd", "Alice Co Ltd", TestName = "blanks without quotes")]
    [TestCase("Alice Co Ltd", "\"Alice Co Ltd\"", TestName = "blanks in quotes")]
    [TestCase("Alice Co Ltd", "\"\\\"Alice Co Ltd\\\"\"", TestName = "quoted twice (pyas2-lib)")]
    [TestCase("Al\"ice", "Al\\\"ice", TestName = "escapes without quotes (mendelson)")]
    [TestCase("Al\\ice", "Al\\\\ice", TestName = "escaped backslash without quotes")]
    [TestCase("Alice,#[1]<2>!;@:/", "Alice,#[1]<2>!;@:/", TestName = "every odd character")]
    public async Task a_name_is_found_in_every_form_that_products_write(string name, string wire)
    {
        using var peer = new Peer(p => p with { Partner = new As2Identifier(name) });
        var answer = await peer.PostAsync(s_order, (As2HeaderNames.As2From, wire));
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Accepted), answer.Diagnosis);
        Assert.That(answer.Headers[As2HeaderNames.As2To], Is.EqualTo(new As2Identifier(name).ToHeader()));
        Assert.That((await peer.Store.GetAsync(answer.Id!, default))!.Key.Partner.Value, Is.EqualTo(name));
    }

    [TestCase("alice", TestName = "another case")]
    [TestCase("Ali", TestName = "a part of it")]
    [TestCase("Alice Co", TestName = "more than it")]
    public async Task a_name_is_never_guessed(string wire)
    {
        using var peer = new Peer();
        var answer = await peer.PostAsync(s_order, (As2HeaderNames.As2From, wire));
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.TurnedAway));
        Assert.That(answer.Disposition, Is.EqualTo(Disposition.UnknownTradingPartner));
    }

    [Test]
    public async Task the_same_name_quoted_and_unquoted_counts_once_and_two_names_are_refused()
    {
        using var peer = new Peer();
        var same = await peer.PostAsync(s_order, (As2HeaderNames.As2From, "Alice"), (As2HeaderNames.As2From, "\"Alice\""));
        var two = await peer.PostAsync(s_order, (As2HeaderNames.As2From, "Alice"), (As2HeaderNames.As2From, "Mallory"));
        Assert.That(same.Outcome, Is.EqualTo(ReceiveOutcome.Accepted), same.Diagnosis);
        Assert.That(two.StatusCode, Is.EqualTo(400));
    }

    [Test]
    public async Task names_of_header_fields_and_media_types_are_read_in_any_case()
    {
        using var peer = new Peer();
        var message = Peer.Write(new SecurityAgreement(), s_order);
        var headers = TwoParties.Headers(message.Headers.Select(h => KeyValuePair.Create(
            h.Key.ToUpperInvariant(), h.Key == As2HeaderNames.ContentType ? "APPLICATION/PKCS7-MIME; SMIME-TYPE=Enveloped-Data" : h.Value)));
        headers.Add("as2-from", "Alice");
        headers.Add("as2-TO", "Bob");
        headers.Add("message-id", "<1@alice>");
        var answer = await peer.Parties.Receiver.ReceiveAsync(new As2Request { Headers = headers, Body = new MemoryStream(message.Body) }, default);
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Accepted), answer.Diagnosis);
    }

    [TestCase("no-brackets@alice")]
    [TestCase("<no-at-sign>")]
    [TestCase("<with blanks and ../../etc/passwd@alice>")]
    [TestCase("<a%0Ab{c}$d'; DROP TABLE messages--@alice>")]
    public async Task a_message_id_is_echoed_as_it_came(string id)
    {
        using var peer = new Peer();
        var answer = await peer.PostAsync(s_order, (As2HeaderNames.MessageId, id));
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Accepted), answer.Diagnosis);
        Assert.That(Peer.ReceiptOf(answer).Notification!.OriginalMessageId, Is.EqualTo(id));
        var again = await peer.PostAsync(s_order, (As2HeaderNames.MessageId, id));
        Assert.That(again.Outcome, Is.EqualTo(ReceiveOutcome.Duplicate));
    }

    [TestCase(false, "unexpected-processing-error")]
    [TestCase(true, "invalid-message-id")]
    public async Task a_message_id_that_cannot_be_kept_is_refused_with_a_receipt(bool draft, string text)
    {
        using var peer = new Peer(draft ? [PartnerQuirk.DraftModifiers] : []);
        foreach (var id in new[] { "<a\u0001b@alice>", $"<{new string('x', 2000)}@alice>" })
        {
            var answer = await peer.PostAsync(s_order, (As2HeaderNames.MessageId, id));
            Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Refused));
            Assert.That(Peer.ReceiptOf(answer).Notification!.Disposition, Is.EqualTo(Disposition.Error(text)));
            Assert.That((await peer.Store.GetAsync(answer.Id!, default))!.MessageId.Any(char.IsControl), Is.False);
        }
    }

    [TestCase("Di, 21 Aug 2026")]
    [TestCase("")]
    [TestCase("Mon Nov 23 19:00:00 CET 2026")]
    public async Task a_date_is_never_a_reason(string date)
    {
        using var peer = new Peer();
        Assert.That((await peer.PostAsync(s_order, (As2HeaderNames.Date, date))).Outcome, Is.EqualTo(ReceiveOutcome.Accepted));
    }

    [TestCase(null)]
    [TestCase("1.0")]
    [TestCase("1.3")]
    [TestCase("2.0")]
    [TestCase("one point two")]
    public async Task every_version_is_this_protocol(string? version)
    {
        using var peer = new Peer();
        var answer = await peer.PostAsync(s_order, version is null ? [] : [(As2HeaderNames.As2Version, version), (As2HeaderNames.EdiintFeatures, "CMS,, x y")]);
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Accepted));
    }

    [TestCase("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-256", "sha-256")]
    [TestCase("signed-receipt-protocol=required,pkcs7-signature;\tsigned-receipt-micalg=required,SHA512;", "sha-512")]
    [TestCase("signed-receipt-micalg=optional,sha_384,sha1; signed-receipt-protocol=optional,\"pkcs-7-signature\"", "sha-384")]
    [TestCase("signed-receipt-protocol=pkcs7-signature; signed-receipt-micalg=whirlpool, sha2-256", "sha-256")]
    [TestCase("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, md5, sha1", "sha1")]
    public async Task options_for_receipts_are_read_in_every_form(string options, string digest)
    {
        using var peer = new Peer();
        var answer = await peer.PostAsync(s_order, (As2HeaderNames.DispositionNotificationOptions, options));
        var receipt = Peer.ReceiptOf(answer);
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Accepted), answer.Diagnosis);
        Assert.That(receipt.Signer, Is.Not.Null);
        Assert.That(receipt.Digest!.WireName, Is.EqualTo(digest));
        Assert.That(receipt.Notification!.Mic, Is.EqualTo(Peer.Mic(receipt.Digest, s_order)));
    }

    [TestCase("signed-receipt-protocol=required, x-other", "unsupported format")]
    [TestCase("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=required, whirlpool", "unsupported MIC-algorithms")]
    [TestCase("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, md5", "unsupported MIC-algorithms")]
    [TestCase("signed-receipt-protocol=optional, pkcs7-signature; x-new=required, yes", "unsupported disposition-notification-options")]
    public async Task a_request_that_cannot_be_met_fails_and_nothing_else_does(string options, string text)
    {
        using var peer = new Peer();
        var answer = await peer.PostAsync(s_order, (As2HeaderNames.DispositionNotificationOptions, options));
        Assert.That(Peer.ReceiptOf(answer).Notification!.Disposition, Is.EqualTo(new Disposition(DispositionType.Failed, DispositionModifierKind.Failure, text)));
    }

    [Test]
    public async Task md5_counts_where_the_agreement_accepts_it()
    {
        using var peer = new Peer(p => p with { Receiving = p.Receiving with { Digests = new HashSet<DigestAlgorithm> { DigestAlgorithm.Md5 } } });
        var answer = await peer.PostAsync(s_order,
            (As2HeaderNames.DispositionNotificationOptions, "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, md5"));
        var receipt = Peer.ReceiptOf(answer);
        Assert.That(receipt.Notification!.Mic, Is.EqualTo(Peer.Mic(DigestAlgorithm.Md5, s_order)));
        Assert.That(receipt.Digest, Is.EqualTo(DigestAlgorithm.Sha256), "never a signature of ours over MD5");
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("mailto:alice@alice.invalid")]
    [TestCase("ftp://alice.invalid/receipts")]
    [TestCase("//alice.invalid/receipts")]
    public async Task a_delivery_option_that_is_no_agreed_address_is_answered_on_the_connection(string url)
    {
        using var peer = new Peer();
        var answer = await peer.PostAsync(s_order, (As2HeaderNames.ReceiptDeliveryOption, url));
        Assert.That(Peer.ReceiptOf(answer).Notification!.Disposition, Is.EqualTo(Disposition.Processed));
    }

    [Test]
    public async Task an_address_for_receipts_may_be_long_and_have_a_query()
    {
        using var peer = new Peer();
        var answer = await peer.PostAsync(s_order, (As2HeaderNames.ReceiptDeliveryOption, $"http://alice.invalid/receipts?id={new string('7', 300)}"));
        Assert.That(answer.Body.IsEmpty);
        Assert.That((await peer.Store.GetAsync(answer.Id!, default))!.ReceiptUrl!.Query, Has.Length.EqualTo(304));
    }

    [TestCase("application/edifact;", TestName = "a last semicolon")]
    [TestCase("\"application/edifact; name=\\\"x.edi\\\"\"", TestName = "the whole value in quotes")]
    [TestCase("application/application/edifact", TestName = "a doubled type")]
    public async Task an_odd_content_type_is_read(string type)
    {
        using var peer = new Peer();
        var answer = await peer.PostAsync(s_order, (As2HeaderNames.ContentType, type));
        Assert.That((await peer.PayloadsAsync(answer)).Single().About.ContentType, Is.EqualTo("application/edifact"));
    }

    [Test]
    public async Task a_message_to_its_own_sender_is_refused_as_such()
    {
        using var peer = new Peer();
        var answer = await peer.PostAsync(s_order, (As2HeaderNames.As2From, "Bob"));
        Assert.That(answer.Disposition, Is.EqualTo(Disposition.SenderEqualsReceiver));
    }

    [TestCase("1.0", false)]
    [TestCase("1.1", false)]
    [TestCase("1.2", true)]
    public async Task the_version_agreed_is_announced_in_messages_and_receipts_with_features_from_1_2_on(string version, bool hasFeatures)
    {
        using var parties = new TwoParties(p => p with { Version = As2Version.Parse(version) }, p => p with { Version = As2Version.Parse(version) });
        await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        foreach (var headers in new[] { parties.Requests[0].Headers, parties.Answers[0].Headers })
        {
            Assert.That(headers[As2HeaderNames.As2Version], Is.EqualTo(version));
            Assert.That(headers[As2HeaderNames.EdiintFeatures], Is.EqualTo(hasFeatures ? "multiple-attachments, AS2-Reliability" : null));
        }
    }

    [Test]
    public async Task the_features_agreed_are_announced()
    {
        using var parties = new TwoParties(p => p with { Features = new EdiintFeatures(["multiple-attachments"]) });
        await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        Assert.That(parties.Requests[0].Headers[As2HeaderNames.EdiintFeatures], Is.EqualTo("multiple-attachments"));
    }

    [Test]
    public async Task a_file_name_is_kept_as_it_came_whatever_it_is()
    {
        using var peer = new Peer();
        (string Wire, string Name)[] names =
        [
            ("attachment; filename=\"../../etc/passwd\"", "../../etc/passwd"), ("attachment; filename=plain.edi", "plain.edi"),
            ("attachment; filename=\"\"doubled.edi\"\"", "doubled.edi"), ("attachment; filename*=UTF-8''Bestellung%20%C3%9C.edi", "Bestellung Ü.edi"),
            ("attachment; filename=\"=?utf-8?B?w5wuZWRp?=\"", "Ü.edi"), ("attachment; filename=\"raw Ü.edi\"", "raw Ü.edi"),
            ("attachment; filename=\"C:\\dir\\a.edi\"", "C:\\dir\\a.edi"), ("attachment; filename=\"a\\\"b\\\\c.edi\"", "a\"b\\c.edi"),
        ];
        foreach (var (wire, name) in names)
        {
            var message = Encoding.UTF8.GetBytes($"Content-Type: application/edifact\r\nContent-Disposition: {wire}\r\n\r\nUNB");
            var answer = await peer.PostAsync(Signed(message), (As2HeaderNames.ContentType, "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b"));
            Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Accepted), $"{wire}: {answer.Diagnosis}");
            Assert.That((await peer.PayloadsAsync(answer)).Single().About.FileName, Is.EqualTo(name), wire);
        }
    }

    private static byte[] Signed(byte[] entity)
    {
        var cms = SignedData.CreateDetached(Digester.Hash(DigestAlgorithm.Sha256, entity), new SecurityAgreement(), TwoParties.Keys("Alice"), TimeProvider.System.GetUtcNow());
        return [.. "--b\r\n"u8, .. entity, .. "\r\n--b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n"u8,
            .. Encoding.ASCII.GetBytes(Convert.ToBase64String(cms)), .. "\r\n--b--\r\n"u8];
    }
}
