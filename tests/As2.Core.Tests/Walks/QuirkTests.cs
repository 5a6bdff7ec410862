using System.Net;
using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Receipts;
using As2.Storage;

namespace As2.Core.Tests.Walks;

/// <summary>Every named departure from the rules, seen on the wire or in the answer: with it, and without it.</summary>
public sealed class QuirkTests
{
    private const string Options = As2HeaderNames.DispositionNotificationOptions;
    private const string AskSha512 = "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-512, sha-256";

    private static readonly byte[] s_order = "UNB+UNOA:1+ALICE+BOB+261123:1900+1'\n"u8.ToArray();
    private static readonly SecurityAgreement s_signed = new() { Encrypt = false };
    private static readonly SecurityAgreement s_bare = new() { Encrypt = false, Sign = false };

    [Test]
    public async Task compressed_content_is_hashed_without_its_header([Values] bool quirk)
    {
        using var peer = new Peer(With(quirk, PartnerQuirk.CompressedMicWithoutHeaders));
        var answer = await peer.PostAsync(Peer.Write(s_bare with { Compression = Compression.BeforeSigning }, s_order));
        var bare = Peer.Mic(DigestAlgorithm.Sha1, s_order);
        Assert.That(Peer.ReceiptOf(answer).Notification!.Mic!.Equals(bare), Is.EqualTo(quirk));
    }

    [TestCase(PartnerQuirk.OldDigestNames, "sha256")]
    [TestCase(PartnerQuirk.SendChunked, "sha-256")]
    public async Task digest_names_are_spelt_as_the_partner_knows_them(PartnerQuirk quirk, string name)
    {
        using var parties = Sending(quirk, p => p with { Sending = s_signed });
        await SendAsync(parties);
        Assert.That(parties.Requests[0].Headers[Options], Does.EndWith(" " + name));
        Assert.That(parties.Requests[0].Headers["Content-Type"], Does.Contain($"micalg={name};"));
    }

    [Test]
    public async Task sha1_has_a_hyphen([Values] bool quirk)
    {
        using var parties = Sending(With(quirk, PartnerQuirk.Sha1WithHyphen), p => p with { Sending = s_signed with { Digest = DigestAlgorithm.Sha1 } });
        await SendAsync(parties);
        Assert.That(parties.Requests[0].Headers[Options], Does.EndWith(quirk ? " sha-1" : " sha1"));
        Assert.That(parties.Requests[0].Headers["Content-Type"], Does.Contain(quirk ? "micalg=sha-1;" : "micalg=sha1;"));
    }

    [Test]
    public async Task decrypted_content_without_a_header_is_the_payload([Values] bool quirk)
    {
        using var peer = new Peer(With(quirk, PartnerQuirk.RawDecryptedContent));
        var output = new Output();
        using (var writer = new EnvelopedDataWriter(LayerWritingOptions(), output))
        {
            writer.Push(s_order);
            writer.Complete();
        }
        var answer = await peer.PostAsync(output.ToArray(), (As2HeaderNames.ContentType, "application/pkcs7-mime; smime-type=enveloped-data"));
        Assert.That(answer.Disposition, Is.EqualTo(quirk ? Disposition.Processed : Disposition.DecryptionFailed));
        if (quirk)
            Assert.That((await peer.PayloadsAsync(answer)).Single().Octets, Is.EqualTo(s_order));
    }

    [Test]
    public async Task a_message_goes_again_under_a_new_id_and_the_receipt_of_either_counts([Values] bool quirk)
    {
        using var parties = Sending(With(quirk, PartnerQuirk.NewMessageIdOnResend));
        parties.TamperAnswer = _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        var first = await SendAsync(parties);
        parties.TamperAnswer = null;
        await parties.AliceStore.ReconcileAsync(first.Id, new Transition { From = [first.State], To = first.State, Job = JobOutcome.Retry }, default);
        var job = (await parties.AliceStore.ClaimAsync(JobKind.Send, 1, TimeSpan.FromMinutes(1), default)).Single();
        var second = await parties.Sender.AttemptAsync(job, default);

        Assert.That(second.State, Is.EqualTo(MessageState.Acknowledged), second.Reason);
        var ids = parties.Requests.Select(r => r.Headers[As2HeaderNames.MessageId]!).ToList();
        Assert.That(ids[1], Is.EqualTo(quirk ? ids[0].Replace("@", ".2@", StringComparison.Ordinal) : ids[0]));
        Assert.That(parties.Requests[1].Body, Is.EqualTo(parties.Requests[0].Body));
    }

    [Test]
    public async Task a_late_receipt_of_a_second_attempt_settles_the_message()
    {
        using var parties = Sending([PartnerQuirk.NewMessageIdOnResend], p => p with { Receipt = new() { AsynchronousUrl = new Uri("http://alice.invalid/r") } });
        var sent = await SendAsync(parties);
        var message = await parties.AliceStore.GetAsync(sent.Id, default);
        Assert.That(MessageIntegrityCheck.TryParse(message!.Mics[0], out var mic));
        var receipt = ReceiptWriter.Write(new MessageDispositionNotification
        {
            Disposition = Disposition.Processed, OriginalMessageId = MessageId.ForAttempt(sent.MessageId!, 3), FinalRecipient = "Bob", Mic = mic,
        }, TwoParties.Keys("Bob"), DigestAlgorithm.Sha256, TimeProvider.System.GetUtcNow());
        var headers = TwoParties.Headers([new("AS2-From", "Bob"), new("AS2-To", "Alice"), .. receipt.Headers]);

        var answer = await parties.AliceReceiver.ReceiveAsync(new As2Request { Headers = headers, Body = new MemoryStream(receipt.Body.ToArray()) }, default);

        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.ReceiptTaken), answer.Diagnosis);
        Assert.That((await parties.AliceStore.GetAsync(sent.Id, default))!.State, Is.EqualTo(MessageState.Acknowledged));
    }

    [TestCase(PartnerQuirk.SendChunked, "Transfer-Encoding", "chunked")]
    [TestCase(PartnerQuirk.ExpectContinue, "Expect", "100-continue")]
    public async Task the_transfer_is_as_agreed(PartnerQuirk quirk, string header, string value)
    {
        using var plain = Sending([]);
        await SendAsync(plain);
        Assert.That(plain.Requests[0].Headers[header], Is.Null);
        using var parties = Sending([quirk]);
        await SendAsync(parties);
        Assert.That(parties.Requests[0].Headers[header], Is.EqualTo(value));
    }

    [Test]
    public async Task the_mic_is_in_the_signatures_digest_or_the_first_asked_for([Values] bool quirk)
    {
        using var peer = new Peer(With(quirk, PartnerQuirk.MicByReceiptOptions));
        var answer = await peer.PostAsync(Peer.Write(s_signed, s_order), (Options, AskSha512));
        Assert.That(Peer.ReceiptOf(answer).Notification!.Mic!.Algorithm, Is.EqualTo(quirk ? DigestAlgorithm.Sha512 : DigestAlgorithm.Sha256));
    }

    [Test]
    public async Task an_unsigned_message_without_options_is_hashed_with_sha1_or_sha256([Values] bool quirk)
    {
        using var peer = new Peer(With(quirk, PartnerQuirk.UnsignedMicSha256));
        var answer = await peer.PostAsync(s_order);
        Assert.That(Peer.ReceiptOf(answer).Notification!.Mic!.Algorithm, Is.EqualTo(quirk ? DigestAlgorithm.Sha256 : DigestAlgorithm.Sha1));
    }

    [Test]
    public async Task a_mic_that_is_not_ours_confirms_by_agreement_only([Values] bool quirk)
    {
        using var parties = Sending(With(quirk, PartnerQuirk.AcceptMicMismatch), p => p with { Sending = s_bare });
        parties.Tamper = (h, b) => (h, [.. b, (byte)'!']);
        Assert.That((await SendAsync(parties)).State, Is.EqualTo(quirk ? MessageState.Acknowledged : MessageState.MicMismatch));
    }

    [Test]
    public async Task a_signed_receipt_without_a_mic_confirms_by_agreement_only([Values] bool quirk)
    {
        using var parties = Sending(With(quirk, PartnerQuirk.AcceptMissingMic));
        parties.TamperAnswer = _ => Answer(ReceiptWriter.Write(new MessageDispositionNotification
        {
            Disposition = Disposition.Processed, FinalRecipient = "Bob", OriginalMessageId = parties.Requests[0].Headers[As2HeaderNames.MessageId],
        }, TwoParties.Keys("Bob"), DigestAlgorithm.Sha256, TimeProvider.System.GetUtcNow()));
        Assert.That((await SendAsync(parties)).State, Is.EqualTo(quirk ? MessageState.Acknowledged : MessageState.MicMismatch));
    }

    [Test]
    public async Task receipt_options_are_required([Values] bool quirk)
    {
        using var parties = Sending(With(quirk, PartnerQuirk.RequiredReceiptOptions));
        await SendAsync(parties);
        Assert.That(parties.Requests[0].Headers[Options], Does.StartWith("signed-receipt-protocol=" + (quirk ? "required" : "optional")));
    }

    [Test]
    public async Task every_receipt_is_signed([Values] bool quirk)
    {
        using var peer = new Peer(With(quirk, PartnerQuirk.SignEveryReceipt));
        Assert.That(Peer.ReceiptOf(await peer.PostAsync(s_order)).Signer is not null, Is.EqualTo(quirk));
    }

    [TestCase(null, "processed")]
    [TestCase(PartnerQuirk.WarnOfDuplicates, "processed/warning: duplicate-document")]
    [TestCase(PartnerQuirk.RefuseDuplicates, "processed/error: unexpected-processing-error")]
    public async Task a_duplicate_is_answered_as_agreed(PartnerQuirk? quirk, string disposition)
    {
        using var peer = new Peer(quirk is { } q ? [q] : []);
        var first = await peer.PostAsync(s_order, (As2HeaderNames.MessageId, "<1@alice>"));
        var second = await peer.PostAsync(s_order, (As2HeaderNames.MessageId, "<1@alice>"));
        Assert.That(second.Outcome, Is.EqualTo(ReceiveOutcome.Duplicate));
        Assert.That(Peer.ReceiptOf(second).Notification!.Disposition.ToString(), Is.EqualTo(disposition));
        Assert.That(second.Body.Span.SequenceEqual(first.Body.Span), Is.EqualTo(quirk is null));
    }

    [TestCase(PartnerQuirk.WarnOfDuplicates, "processed/warning: duplicate-document")]
    [TestCase(PartnerQuirk.RefuseDuplicates, "processed/error: unexpected-processing-error")]
    public async Task a_duplicate_is_answered_later_as_agreed_and_the_first_receipt_stays(PartnerQuirk quirk, string disposition)
    {
        using var peer = new Peer(quirk);
        var posted = new List<byte[]>();
        peer.Parties.Tamper = (h, b) =>
        {
            posted.Add(b);
            return (h, b);
        };
        (string, string)[] fields = [(As2HeaderNames.MessageId, "<1@alice>"), (As2HeaderNames.ReceiptDeliveryOption, "http://alice.invalid/r")];
        var first = await peer.PostAsync(s_order, fields);
        var second = await peer.PostAsync(s_order, fields);
        foreach (var job in await peer.Store.ClaimAsync(JobKind.SendReceipt, 5, TimeSpan.FromMinutes(1), default))
            await peer.Parties.Receipts.RunAsync(job, default);

        Assert.That(second.Outcome, Is.EqualTo(ReceiveOutcome.Duplicate));
        Assert.That(second.Id, Is.EqualTo(first.Id));
        Assert.That(posted.Select(b => Encoding.ASCII.GetString(b)), Has.One.Contains("; processed\r\n").And.One.Contains($"; {disposition}\r\n"));
        Assert.That((await peer.Store.GetAsync(first.Id!, default))!.Disposition, Is.EqualTo("processed"));
    }

    [TestCase(PartnerQuirk.SendChunked, "Transfer-Encoding", "chunked")]
    [TestCase(PartnerQuirk.ExpectContinue, "Expect", "100-continue")]
    public async Task a_receipt_is_posted_as_the_partner_takes_it(PartnerQuirk quirk, string header, string value)
    {
        using var peer = new Peer(quirk);
        HeaderFields? posted = null;
        peer.Parties.Tamper = (h, b) => (posted = h, b);
        await peer.PostAsync(s_order, (As2HeaderNames.ReceiptDeliveryOption, "http://alice.invalid/r"));
        await peer.Parties.Receipts.RunAsync((await peer.Store.ClaimAsync(JobKind.SendReceipt, 1, TimeSpan.FromMinutes(1), default)).Single(), default);
        Assert.That(posted![header], Is.EqualTo(value));
    }

    [Test]
    public async Task a_warning_is_kept_from_partners_that_take_it_for_a_failure([Values] bool quirk)
    {
        using var peer = new Peer(With(quirk, PartnerQuirk.NoWarnings).Append(PartnerQuirk.WarnOfDuplicates).ToArray());
        await peer.PostAsync(s_order, (As2HeaderNames.MessageId, "<1@alice>"));
        var second = await peer.PostAsync(s_order, (As2HeaderNames.MessageId, "<1@alice>"));
        Assert.That(Peer.ReceiptOf(second).Notification!.Disposition, Is.EqualTo(quirk ? Disposition.Processed : Disposition.DuplicateDocument));
    }

    [TestCase(null, 200)]
    [TestCase(PartnerQuirk.AnswerNoContent, 204)]
    [TestCase(PartnerQuirk.AnswerAccepted, 202)]
    public async Task an_asynchronous_request_is_answered_with_the_agreed_status(PartnerQuirk? quirk, int status)
    {
        using var peer = new Peer(quirk is { } q ? [q] : []);
        var asynchronous = await peer.PostAsync(s_order, (As2HeaderNames.ReceiptDeliveryOption, "http://alice.invalid/r"));
        var synchronous = await peer.PostAsync(s_order);
        Assert.That((asynchronous.StatusCode, asynchronous.Body.Length), Is.EqualTo((status, 0)));
        Assert.That(synchronous.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task line_ends_may_change_on_the_way([Values] bool quirk, [Values(2, 60_000)] int lines)
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("UNB+UNOA:1+ALICE+BOB+261123:1900+1'\r\n", lines)));
        var message = Peer.Write(s_signed, text);
        var changed = message with { Body = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(message.Body).Replace("+1'\r\n", "+1'\n", StringComparison.Ordinal)) };
        using var peer = new Peer(With(quirk, PartnerQuirk.LineEndsChange));
        var answer = await peer.PostAsync(changed, (Options, AskSha512));
        Assert.That(answer.Disposition, Is.EqualTo(quirk ? Disposition.Processed : Disposition.IntegrityCheckFailed));
        if (quirk)
            Assert.That(Peer.ReceiptOf(answer).Notification!.Mic, Is.EqualTo(message.Entity.Mics[0]));
    }

    [Test]
    public async Task text_is_sent_with_crlf([Values] bool quirk, [Values("text/plain", "application/edifact")] string type)
    {
        using var parties = Sending(With(quirk, PartnerQuirk.CanonicalText), p => p with { Sending = s_signed, ContentType = type });
        var result = await SendAsync(parties, "a\nb\r\nc\n"u8.ToArray());
        var received = await parties.BobStore.FindAsync(RoundTripTests.KeyAtBob(result.MessageId!), default);
        var expected = quirk && type == "text/plain" ? "a\r\nb\r\nc\r\n" : "a\nb\r\nc\n";
        Assert.That(Encoding.ASCII.GetString(await TwoParties.ReadAsync(parties.BobStore, received!.Payloads[0].Content)), Is.EqualTo(expected));
        Assert.That(result.State, Is.EqualTo(MessageState.Acknowledged), result.Reason);
    }

    [Test]
    public async Task a_layer_without_a_label_is_unwrapped([Values] bool quirk, [Values] Compression compression, [Values] bool encrypt)
    {
        if (!encrypt && compression != Compression.AfterSigning)
            return;
        var message = Peer.Write(new SecurityAgreement { Encrypt = encrypt, Compression = compression }, s_order);
        using var peer = new Peer(With(quirk, PartnerQuirk.UnlabelledCms));
        var answer = await peer.PostAsync(message, (As2HeaderNames.ContentType, "application/octet-stream"));
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Accepted), answer.Diagnosis);
        Assert.That((await peer.PayloadsAsync(answer)).Single().Octets, Is.EqualTo(quirk ? s_order : message.Body));
    }

    [Test]
    public async Task what_only_looks_like_a_layer_stays_content([Values(0, 1, 3, 31, 32, 500)] int length)
    {
        byte[] content = [0x30, 0x82, .. Enumerable.Range(0, 500).Select(i => (byte)i)];
        using var peer = new Peer(PartnerQuirk.UnlabelledCms);
        var answer = await peer.PostAsync(content[..length], (As2HeaderNames.ContentType, "application/octet-stream"));
        Assert.That((await peer.PayloadsAsync(answer)).Single().Octets, Is.EqualTo(content[..length]));
        Assert.That(Peer.ReceiptOf(answer).Notification!.Mic, Is.EqualTo(Peer.Mic(DigestAlgorithm.Sha1, content.AsSpan(0, length))));
    }

    [Test]
    public async Task binary_need_not_be_said_in_the_http_header([Values] bool quirk)
    {
        using var parties = Sending(With(quirk, PartnerQuirk.NoTransferEncodingHeader));
        Assert.That((await SendAsync(parties)).State, Is.EqualTo(MessageState.Acknowledged));
        Assert.That(parties.Requests[0].Headers["Content-Transfer-Encoding"], Is.EqualTo(quirk ? null : "binary"));
    }

    [TestCase(null, "a.edi", "\"a.edi\"", "a.edi")]
    [TestCase(PartnerQuirk.UnquotedFileName, "a.edi", "a.edi", "a.edi")]
    [TestCase(PartnerQuirk.UnquotedFileName, "a b.edi", "\"a b.edi\"", "a b.edi")]
    [TestCase(null, "Ü.edi", "\"_.edi\"", "_.edi")]
    [TestCase(PartnerQuirk.Rfc2231FileName, "Ü.edi", "\"_.edi\"; filename*=UTF-8''%C3%9C.edi", "Ü.edi")]
    [TestCase(PartnerQuirk.Utf8FileName, "Ü.edi", "\"Ü.edi\"", "Ü.edi")]
    public async Task a_file_name_is_written_as_the_partner_reads_it(PartnerQuirk? quirk, string name, string wire, string read)
    {
        using var parties = Sending(quirk is { } q ? [q] : [], p => p with { Sending = s_signed });
        var result = await SendAsync(parties, name: name);
        Assert.That(Encoding.UTF8.GetString(parties.Requests[0].Body), Does.Contain($"Content-Disposition: attachment; filename={wire}\r\n"));
        var received = await parties.BobStore.FindAsync(RoundTripTests.KeyAtBob(result.MessageId!), default);
        Assert.That(received!.Payloads[0].FileName, Is.EqualTo(read));
    }

    [TestCase(PartnerQuirk.FollowRedirect, 308, "http://bob.invalid/new", MessageState.Acknowledged)]
    [TestCase(PartnerQuirk.FollowRedirect, 307, "/new", MessageState.Acknowledged)]
    [TestCase(PartnerQuirk.FollowRedirect, 308, "http://mallory.invalid/new", MessageState.Suspended)]
    [TestCase(PartnerQuirk.FollowRedirect, 302, "http://bob.invalid/new", MessageState.Suspended)]
    [TestCase(PartnerQuirk.SendChunked, 308, "http://bob.invalid/new", MessageState.Suspended)]
    public async Task a_redirect_is_followed_once_within_the_host_by_agreement(PartnerQuirk quirk, int status, string location, MessageState state)
    {
        using var parties = Sending([quirk]);
        var first = true;
        parties.TamperAnswer = answer =>
        {
            if (!first)
                return answer;
            first = false;
            var redirect = new HttpResponseMessage((HttpStatusCode)status);
            redirect.Headers.TryAddWithoutValidation("Location", location);
            return redirect;
        };
        Assert.That((await SendAsync(parties)).State, Is.EqualTo(state));
    }

    [Test]
    public async Task structures_are_der_or_ber([Values] CmsEncoding encoding)
    {
        using var parties = Sending([], p => p with { Sending = new SecurityAgreement { CmsEncoding = encoding, Compression = Compression.BeforeSigning } });
        Assert.That((await SendAsync(parties)).State, Is.EqualTo(MessageState.Acknowledged));
        Assert.That(parties.Requests[0].Body[1], encoding == CmsEncoding.Ber ? Is.EqualTo(0x80) : Is.Not.EqualTo(0x80));
    }

    [TestCase(EmbeddedCertificates.None, 0)]
    [TestCase(EmbeddedCertificates.Signer, 1)]
    [TestCase(EmbeddedCertificates.Chain, 1)]
    public async Task a_signature_verifies_whatever_certificates_it_carries(EmbeddedCertificates which, int count)
    {
        using var parties = Sending([], p => p with { Sending = s_signed with { EmbeddedCertificates = which } });
        Assert.That((await SendAsync(parties)).State, Is.EqualTo(MessageState.Acknowledged));
        var text = Encoding.Latin1.GetString(parties.Requests[0].Body);
        var part = text[(text.LastIndexOf("p7s\"\r\n\r\n", StringComparison.Ordinal) + 8)..];
        var cms = Convert.FromBase64String(part[..part.IndexOf("--", StringComparison.Ordinal)].ReplaceLineEndings(""));
        Assert.That(SignedDataReader.TryRead(cms, LayerLimits.Default, out var read, out _));
        Assert.That(read!.Certificates, Has.Count.EqualTo(count));
    }

    private static PartnerQuirk[] With(bool isOn, PartnerQuirk quirk) => isOn ? [quirk] : [];

    private static TwoParties Sending(PartnerQuirk quirk, Func<Partnership, Partnership>? adapt = null) => Sending([quirk], adapt);

    private static TwoParties Sending(PartnerQuirk[] quirks, Func<Partnership, Partnership>? adapt = null) => new(
        p => (adapt?.Invoke(p) ?? p) with { Quirks = quirks.ToHashSet() },
        p => p with { Receiving = p.Receiving with { Digests = DigestAlgorithm.All.ToHashSet() } });

    private static async Task<SendResult> SendAsync(TwoParties parties, byte[]? octets = null, string name = "o.edi")
        => await parties.Sender.SendAsync(Payload.FromBytes(octets ?? s_order, name), parties.Agreement, default);

    private static HttpResponseMessage Answer(Receipt receipt)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ReadOnlyMemoryContent(receipt.Body) };
        foreach (var (name, value) in receipt.Headers)
            answer.Content.Headers.TryAddWithoutValidation(name, value);
        return answer;
    }

    private static LayerWriterOptions LayerWritingOptions()
        => Layers.LayerWriting.Options(new SecurityAgreement(), TwoParties.Keys("Bob"));

    private sealed class Output : IOctetSink
    {
        private readonly MemoryStream _octets = new();

        public void Push(ReadOnlySpan<byte> octets) => _octets.Write(octets);

        public byte[] ToArray() => _octets.ToArray();
    }
}
