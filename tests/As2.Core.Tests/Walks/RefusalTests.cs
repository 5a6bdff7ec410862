using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Receipts;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Walks;

/// <summary>What is refused, how it is answered, and that nothing of it is lost, delivered, or counted as a duplicate.</summary>
public sealed class RefusalTests
{
    private static readonly byte[] s_order = "UNB+UNOA:1+ALICE+BOB+261123:1900+1'"u8.ToArray();

    private static readonly (string What, Action<TwoParties> Break, string Disposition)[] s_faults =
    [
        ("a wrong decryption key", p => Rekey(p, decrypt: "Mallory"), "decryption-failed"),
        ("an unknown signer", p => Rekey(p, verify: "Mallory"), "authentication-failed"),
        ("a damaged ciphertext", p => p.Tamper = (h, b) => (h, Flip(b, b.Length - 20)), "decryption-failed"),
        ("a truncated body", p => p.Tamper = (h, b) => (h, b[..(b.Length / 2)]), "decryption-failed"),
        ("garbage", p => p.Tamper = (h, b) => (h, new byte[100]), "decryption-failed"),
    ];

    private static IEnumerable<TestCaseData> Faults()
        => s_faults.Select(f => new TestCaseData(f.Break, f.Disposition).SetArgDisplayNames(f.What));

    [Rfc("4130", "7.5.4")]
    [Rfc("4130", "5.4")]
    [Rfc("4130", "7.3.1")]
    [TestCaseSource(nameof(Faults))]
    public async Task a_bad_message_is_refused_kept_and_not_delivered(object breakIt, string disposition)
    {
        using var parties = new TwoParties();
        ((Action<TwoParties>)breakIt)(parties);

        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order, "o.edi"), parties.Agreement, default);

        var answer = parties.Answers.Single();
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Refused));
        Assert.That(answer.StatusCode, Is.EqualTo(200));
        Assert.That(answer.Disposition.ToString(), Is.EqualTo("processed/error: " + disposition));
        Assert.That(result.State, Is.EqualTo(MessageState.Rejected), result.Reason);
        var kept = await parties.BobStore.GetAsync(answer.Id!, default);
        Assert.That(kept!.State, Is.EqualTo(MessageState.Refused));
        Assert.That(kept.Wire!.Body.Length, Is.EqualTo(parties.Requests[0].Body.Length));
        Assert.That(await parties.BobStore.FindAsync(RoundTripTests.KeyAtBob(result.MessageId!), default), Is.Null, "no duplicate key");
    }

    [Test]
    public async Task changed_signed_content_fails_the_integrity_check()
    {
        using var parties = new TwoParties(p => p with { Sending = p.Sending with { Encrypt = false } });
        parties.Tamper = (h, b) => (h, Replace(b, "ALICE"u8, "MALLO"u8));

        await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);

        Assert.That(parties.Answers[0].Disposition, Is.EqualTo(Disposition.IntegrityCheckFailed));
    }

    [Test]
    [Rfc("3218", "2.3")]
    public async Task less_security_than_agreed_is_refused([Values("plain", "signed", "encrypted", "encrypted with a tag")] string protection)
    {
        var (signed, encrypted) = (protection == "signed", protection.StartsWith("encrypted", StringComparison.Ordinal));
        using var parties = new TwoParties(
            p => p with { Sending = p.Sending with { Sign = signed, Encrypt = encrypted, Cipher = protection.EndsWith("tag", StringComparison.Ordinal) ? ContentCipher.Aes128Gcm : ContentCipher.Aes128Cbc } },
            p => p with { Receiving = new SecurityRequirements() });

        await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);

        // "Not signed" about content that a forger may have made of other ciphertext would tell him that its padding is right.
        Assert.That(parties.Answers[0].Disposition, Is.EqualTo(protection == "encrypted" ? Disposition.DecryptionFailed : Disposition.InsufficientMessageSecurity));
    }

    [Test]
    public async Task what_headers_and_outer_structure_show_is_answered_alike_whether_the_content_decrypts_or_not([Values] bool damaged, [Values] bool cipher)
    {
        using var parties = new TwoParties(
            p => p with { Sending = p.Sending with { Cipher = cipher ? ContentCipher.TripleDesCbc : ContentCipher.Aes128Cbc } });
        parties.Tamper = (h, b) => (
            TwoParties.Headers(h.Select(f => f.Key == As2HeaderNames.DispositionNotificationOptions && !cipher ? new(f.Key, f.Value.Replace("sha-256", "crc32", StringComparison.Ordinal)) : f)),
            damaged ? Flip(b, b.Length - 1) : b);
        await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        Assert.That(parties.Answers[0].Disposition, Is.EqualTo(cipher ? Disposition.InsufficientMessageSecurity : Disposition.UnsupportedMicAlgorithms));
    }

    [Test]
    public async Task no_damage_inside_cbc_encryption_is_told_from_another_and_so_is_a_missing_signature()
    {
        var security = new SecurityAgreement();
        using var peer = new Peer(p => p with { Receiving = new SecurityRequirements() });
        var whole = Peer.Write(security, s_order).Body;
        var iv = whole.AsSpan().IndexOf(new byte[] { 0x04, 0x10 }) + 2;
        var answers = new List<ReceiveResult> { await peer.PostAsync(Peer.Write(security with { Sign = false }, s_order), s_signedReceipt, s_id) };
        foreach (var at in Enumerable.Range(iv, 16).Concat([whole.Length - 1, whole.Length / 2]))
        {
            for (var bit = 0; bit < 8; bit += at == iv ? 1 : 3)
            {
                var body = whole.ToArray();
                body[at] ^= (byte)(1 << bit);
                answers.Add(await peer.PostAsync(body, (As2HeaderNames.ContentType, "application/pkcs7-mime; smime-type=enveloped-data"), s_signedReceipt, s_id));
            }
        }
        // A flipped case of a header's letter is no damage: the signature holds.
        answers.RemoveAll(a => a.Outcome is ReceiveOutcome.Accepted or ReceiveOutcome.Duplicate);
        Assert.That(answers, Has.Count.GreaterThan(30));
        Assert.That(answers.Select(a => a.Disposition), Is.All.EqualTo(Disposition.DecryptionFailed));
        Assert.That(answers.Select(a => a.Body.Length).Distinct().Count(), Is.EqualTo(1));
        Assert.That(answers.Select(a => WithoutDate(Peer.ReceiptOf(a).Text)).Distinct().Count(), Is.EqualTo(1));
    }

    private static readonly (string, string) s_signedReceipt = (
        As2HeaderNames.DispositionNotificationOptions, "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-256");

    private static readonly (string, string) s_id = (As2HeaderNames.MessageId, "<1@alice>");

    private static string WithoutDate(string text) => string.Join('\n', text.Split('\n').Where(l => !l.StartsWith("Date", StringComparison.Ordinal)));

    [Test]
    public async Task a_digest_that_was_not_agreed_is_refused()
    {
        using var parties = new TwoParties(p => p with { Sending = p.Sending with { Digest = DigestAlgorithm.Sha1 } });
        await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        Assert.That(parties.Answers[0].Disposition, Is.EqualTo(Disposition.InsufficientMessageSecurity));
    }

    [Rfc("4130", "6.2")]
    [Test]
    public async Task an_unknown_partner_gets_an_unsigned_receipt_and_nothing_is_stored()
    {
        using var parties = new TwoParties();
        parties.Tamper = (h, b) => (TwoParties.Headers(h.Select(f => f.Key == As2HeaderNames.As2From ? new(f.Key, "Stranger") : f)), b);

        await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);

        Assert.That(parties.Answers[0].Outcome, Is.EqualTo(ReceiveOutcome.TurnedAway));
        Assert.That(parties.Answers[0].Disposition, Is.EqualTo(Disposition.UnknownTradingPartner));
        Assert.That(parties.Answers[0].Headers[As2HeaderNames.ContentType], Does.StartWith("multipart/report"));
        Assert.That(await parties.BobStore.ListAsync(new MessageQuery(), default), Is.Empty);
    }

    [TestCase(As2HeaderNames.As2From)]
    [TestCase(As2HeaderNames.As2To)]
    [TestCase(As2HeaderNames.MessageId)]
    [TestCase(As2HeaderNames.ContentType)]
    public async Task a_request_without_a_header_that_must_be_there_is_no_as2_message(string missing)
    {
        using var parties = new TwoParties();
        parties.Tamper = (h, b) => (TwoParties.Headers(h.Where(f => f.Key != missing)), b);
        await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        Assert.That(parties.Answers[0].StatusCode, Is.EqualTo(400));
    }

    [Rfc("4130", "5.1")]
    [Rfc("9110", "15.5.14")]
    [Test]
    public async Task a_message_longer_than_agreed_is_turned_away()
    {
        using var parties = new TwoParties(null, p => p with { Receiving = p.Receiving with { MaxMessageBytes = 1000 } });
        await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        Assert.That(parties.Answers[0].StatusCode, Is.EqualTo(413));
    }

    [Rfc("9110", "10.2.3")]
    [Test]
    public async Task a_store_that_takes_no_work_is_told_as_503_before_the_body_is_read()
    {
        using var parties = new TwoParties();
        parties.BobHealth.Reason = "the disk is full";
        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);

        Assert.That(parties.Answers[0].StatusCode, Is.EqualTo(503));
        Assert.That(parties.Answers[0].Headers["Retry-After"], Is.EqualTo("30"));
        Assert.That(result.State, Is.EqualTo(MessageState.RetryWait));
    }

    private static void Rekey(TwoParties parties, string? decrypt = null, string? verify = null)
    {
        var mirrored = parties.BobsBook.Partnerships.Single();
        var certificates = PartnershipCertificates.Of(TwoParties.Keys("Bob"), TwoParties.Keys("Alice"));
        parties.BobsBook.Add(mirrored, certificates with
        {
            Decrypt = [TwoParties.Keys(decrypt ?? "Bob")],
            Verify = [TwoParties.Keys(verify ?? "Alice")],
        });
    }

    private static byte[] Flip(byte[] octets, int at)
    {
        octets[at] ^= 1;
        return octets;
    }

    private static byte[] Replace(byte[] octets, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        to.CopyTo(octets.AsSpan(octets.AsSpan().IndexOf(from)));
        return octets;
    }
}
