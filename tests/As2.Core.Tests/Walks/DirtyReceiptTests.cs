using System.Net;
using System.Text;
using As2.Agreements;
using As2.Layers;
using As2.Payloads;
using As2.Receipts;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Walks;

/// <summary>The receipts that deployed products write (quirks 90 to 107, RFC 4130 §7.5), each as the answer to a message of ours.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class DirtyReceiptTests
{
    private const string Report = "Content-Type: multipart/report; report-type=disposition-notification; boundary=\"r\"\r\n\r\n";
    private const string Text = "--r\r\nContent-Type: text/plain\r\n\r\nTaken.\r\n";
    private const string Notification = "--r\r\nContent-Type: message/disposition-notification\r\n\r\n";
    private const string Fields = "Reporting-UA: x\r\nOriginal-Recipient: rfc822; Bob\r\nFinal-Recipient: rfc822; Bob\r\nOriginal-Message-ID: {id}\r\nDisposition: automatic-action/MDN-sent-automatically; processed\r\nReceived-Content-MIC: {mic}\r\n";
    private const string End = "\r\n--r--\r\n";
    private const string Usual = Report + Text + Notification + Fields + End;

    private static readonly byte[] s_order = "UNB+UNOA:1+ALICE+BOB+261123:1900+1'"u8.ToArray();

    private static IEnumerable<TestCaseData> Forms()
    {
        yield return Form("90 no report-type", Usual.Replace(" report-type=disposition-notification;", "", StringComparison.Ordinal));
        yield return Form("90 report-type in another case on a line of its own", Usual.Replace("; report-type=disposition-notification; ", ";\r\n\tReport-Type=\"Disposition-Notification\";\r\n\t", StringComparison.Ordinal));
        yield return Form("90 another report-type", Usual.Replace("report-type=disposition-notification", "report-type=delivery-status", StringComparison.Ordinal));
        yield return Form("91 base64", Report + Text + Notification.Replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n", StringComparison.Ordinal) + "{base64}" + End);
        yield return Form("91 quoted-printable", Report + Text + Notification.Replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", StringComparison.Ordinal) + Fields.Replace("{mic}", "{qp}", StringComparison.Ordinal) + End);
        yield return Form("91 labelled base64, and is not", Usual.Replace("notification\r\n\r\nRep", "notification\r\nContent-Transfer-Encoding: base64\r\n\r\nRep", StringComparison.Ordinal));
        yield return Form("92 blank before the semicolon", Usual.Replace("automatically; ", "automatically ; ", StringComparison.Ordinal));
        yield return Form("92 no blank", Usual.Replace("automatically; ", "automatically;", StringComparison.Ordinal));
        yield return Form("92 tabs", Usual.Replace("automatically; ", "automatically\t;\t", StringComparison.Ordinal));
        yield return Form("92 a last semicolon", Usual.Replace("; processed", "; processed;", StringComparison.Ordinal));
        yield return Form("97 no blank after the comma", Usual.Replace("{mic}", "{tight}", StringComparison.Ordinal));
        yield return Form("97 MIC folded", Usual.Replace("{mic}", "{folded}", StringComparison.Ordinal));
        yield return Form("97 names in lower case", Report + Text + Notification + Lower(Fields) + End);
        yield return Form("97 algorithm in capitals without hyphen", Usual.Replace("{mic}", "{capital}", StringComparison.Ordinal));
        yield return Form("102 MIC before the disposition, fields nobody knows", Usual.Replace("Disposition: ", "X-Note: 1\r\nReceived-Content-MIC: {mic}\r\nDisposition: ", StringComparison.Ordinal).Replace("processed\r\nReceived-Content-MIC: {mic}\r\n", "processed\r\n", StringComparison.Ordinal));
        yield return Form("102 a third part", Report + Text + Notification + Fields + "\r\n--r\r\nContent-Type: message/rfc822-headers\r\n\r\nSubject: x\r\n" + End);
        yield return Form("102 no text for people", Report + Notification + Fields + End);
        yield return Form("102 text behind the notification", Report + Notification + Fields + "\r\n" + Text.TrimEnd() + End);
        yield return Form("12 no Final-Recipient", Usual.Replace("Final-Recipient: rfc822; Bob\r\n", "", StringComparison.Ordinal));
        yield return Form("12 another Final-Recipient", Usual.Replace("Final-Recipient: rfc822; Bob", "Final-Recipient: rfc822; edi@bob.example", StringComparison.Ordinal));
        yield return Form("10 no address type", Usual.Replace("rfc822; ", "", StringComparison.Ordinal));
        yield return Form("11 no Original-Recipient", Usual.Replace("Original-Recipient: rfc822; Bob\r\n", "", StringComparison.Ordinal));
        yield return Form("15 brackets taken off the id", Usual.Replace("{id}", "{bare}", StringComparison.Ordinal));
        yield return Form("15 blanks and a fold before the id", Usual.Replace(": {id}", ":\r\n   {id}  ", StringComparison.Ordinal));
        yield return Form("16 no Original-Message-ID", Usual.Replace("Original-Message-ID: {id}\r\n", "", StringComparison.Ordinal));
        yield return Form("48 a preamble", Report + "This is a MIME message.\r\n" + Text + Notification + Fields + End);
        yield return Form("54 no last line end", Usual[..^2]);
        yield return Form("54 line ends behind the last delimiter", Usual + "\r\n\r\n");
        yield return Form("54 the last delimiter is lost", Report + Text + Notification + Fields);
        yield return Form("52 LF everywhere", Usual.Replace("\r\n", "\n", StringComparison.Ordinal));
        yield return Form("56 the first delimiter is lost", Report + Text["--r\r\n".Length..] + Notification + Fields + End);
        yield return Form("95 a type written manual-action", Usual.Replace("automatic-action/MDN-sent-automatically", "manual-action/MDN-sent-manually", StringComparison.Ordinal));
        yield return Form("a blank line before the fields", Report + Text + Notification + "\r\n" + Fields + End);
        yield return Form("displayed in place of processed", Usual.Replace("; processed", "; displayed", StringComparison.Ordinal));
        yield return Form("a warning", Usual.Replace("; processed", "; processed/warning: duplicate-document", StringComparison.Ordinal));
        yield return Form("a warning in a field of its own", Usual.Replace("; processed\r\n", "; processed/warning\r\nWarning: twice\r\n", StringComparison.Ordinal));
        yield return Form("the notification is labelled text/plain", Usual.Replace("message/disposition-notification", "text/plain", StringComparison.Ordinal));
        yield return Form("the whole Content-Type in quotes", Usual.Replace("Content-Type: multipart/report; report-type=disposition-notification; boundary=\"r\"", "Content-Type: \"multipart/report; report-type=disposition-notification; boundary=\\\"r\\\"\"", StringComparison.Ordinal));
        yield return Form("a Content-Type with a last semicolon", Usual.Replace("boundary=\"r\"", "boundary=\"r\";", StringComparison.Ordinal));

        yield return Negative("93 no type", "error: authentication-failed", "processed/error: authentication-failed");
        yield return Negative("93 doubled", "processed/error: decryption-failed; processed/error: decryption-failed", "processed/error: decryption-failed");
        yield return Negative("94 no blank and a capital", "processed/Error:decryption-failed", "processed/error: decryption-failed");
        yield return Negative("94 misspelt", "processed/error: decompresion-failed", "processed/error: decompresion-failed");
        yield return Negative("94 a text of its own", "processed/error: signed-message-required", "processed/error: signed-message-required");
        yield return Negative("95 mendelson's word for a stranger", "processed/error: unknown-trading-partner", "processed/error: unknown-trading-partner");
        yield return Negative("106 an unknown modifier", "processed/perhaps", "processed/perhaps");
        yield return Negative("107 failure folded", "failed/Failure:\r\n   sender-equals-receiver", "failed/failure: sender-equals-receiver");
        yield return Negative("RFC 3798 error with its field", "processed/error\r\nError: no such order", "processed/error: no such order");
        yield return Negative("RFC 3798 failed with its field", "failed\r\nFailure: unsupported format", "failed/failure: unsupported format");
        yield return Negative("108 an error of the EDI", "processed/error: unexpected-processing-error\r\nError: UNB/UNZ do not match", "processed/error: unexpected-processing-error");
        yield return Negative("deleted", "deleted", "processed/error: deleted");

        yield return Unreadable("106 no disposition", Usual.Replace("Disposition: automatic", "X-Disposition: automatic", StringComparison.Ordinal), "disposition");
        yield return Unreadable("106 an empty disposition", Usual.Replace("automatic-action/MDN-sent-automatically; processed", "", StringComparison.Ordinal), "disposition");
        yield return Unreadable("another message", Usual.Replace("{id}", "<other@alice>", StringComparison.Ordinal), "it answers <other@alice>");
    }

    [TestCaseSource(nameof(Forms))]
    [Rfc("4130", "7.5.6")]
    public async Task a_receipt_is_read_in_the_form_that_a_product_writes(string form, MessageState state, string? says)
    {
        foreach (var isSigned in new[] { true, false })
        {
            using var parties = Parties(isSigned);
            parties.TamperAnswer = _ => Answer(Fill(form, parties), isSigned);
            var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
            Assert.That(result.State, Is.EqualTo(state), $"signed {isSigned}: {result.Reason}");
            if (says is not null)
                Assert.That(result.Reason, Does.Contain(says));
        }
    }

    [TestCase("{none}", MessageState.MicMismatch, MessageState.Acknowledged, TestName = "99 no MIC: no proof in a signed receipt, legal in an unsigned one")]
    [TestCase("garbage", MessageState.MicMismatch, MessageState.Acknowledged, TestName = "a MIC that cannot be read is none")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=, sha-256", MessageState.MicMismatch, MessageState.MicMismatch, TestName = "105 another MIC")]
    public async Task a_mic_that_proves_nothing_confirms_nothing(string mic, MessageState signed, MessageState unsigned)
    {
        foreach (var isSigned in new[] { true, false })
        {
            using var parties = Parties(isSigned);
            var form = mic == "{none}" ? Usual.Replace("Received-Content-MIC: {mic}\r\n", "", StringComparison.Ordinal) : Usual.Replace("{mic}", mic, StringComparison.Ordinal);
            parties.TamperAnswer = _ => Answer(Fill(form, parties), isSigned);
            var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
            Assert.That(result.State, Is.EqualTo(isSigned ? signed : unsigned), result.Reason);
        }
    }

    [TestCase("application/pkcs7-signature; name=smime.p7s", "base64", TestName = "53 base64 with LF")]
    [TestCase("application/pkcs7-signature", "binary", TestName = "78 binary")]
    [TestCase("application/x-pkcs7-signature", "binary-unlabelled", TestName = "68 the old type, binary without a label")]
    [TestCase("Application/X-PKCS7-Signature; smime-type=signed-data", "base64-unlabelled", TestName = "69 a smime-type, base64 without a label")]
    [TestCase("application/pkcs7-signature", "binary-as-base64", TestName = "49 binary, labelled base64")]
    [TestCase("application/pkcs7-signature", "trailing", TestName = "77 a line end behind the CMS")]
    public async Task the_signature_of_a_receipt_is_read_in_every_encoding(string type, string encoding)
    {
        using var parties = Parties(true);
        parties.TamperAnswer = _ => Answer(Fill(Usual, parties), true, type, encoding);
        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        Assert.That(result.State, Is.EqualTo(MessageState.Acknowledged), result.Reason);
    }

    [TestCase("multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s", TestName = "70 no micalg")]
    [TestCase("multipart/signed; micalg=sha; boundary=s", TestName = "70 no protocol, micalg=sha")]
    [TestCase("Multipart/Signed; PROTOCOL=\"Application/PKCS7-Signature\"; MICALG=\"SHA_512\"; Boundary=\"s\";", TestName = "73 capitals, another digest, a last semicolon")]
    [TestCase("multipart/signed; micalg=\"md5,sha1,whirlpool\"; protocol=application/x-pkcs7-signature; boundary=s", TestName = "70 a list")]
    [TestCase("\"multipart/signed; boundary=\\\"s\\\"; protocol=\\\"application/pkcs7-signature\\\"\"", TestName = "24 the whole value in quotes")]
    [TestCase("multipart/signed; boundary=\"s\"; charset=utf-8", TestName = "a charset")]
    public async Task the_type_of_a_signed_receipt_is_only_a_hint(string type)
    {
        using var parties = Parties(true);
        parties.TamperAnswer = _ =>
        {
            var answer = Answer(Fill(Usual, parties), true);
            answer.Content.Headers.Remove("Content-Type");
            answer.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            return answer;
        };
        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        Assert.That(result.State, Is.EqualTo(MessageState.Acknowledged), result.Reason);
    }

    [TestCase("sha1")]
    [TestCase("sha-384")]
    [TestCase("sha-512")]
    [TestCase("sha3-256")]
    public async Task quirk_79_the_digest_of_its_signature_need_not_be_the_one_asked_for(string digest)
    {
        using var parties = Parties(true);
        Assert.That(DigestAlgorithm.TryParse(digest, out var algorithm));
        parties.TamperAnswer = _ => Answer(Fill(Usual, parties), true, digest: algorithm);
        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        Assert.That(result.State, Is.EqualTo(MessageState.Acknowledged), result.Reason);
    }

    [Test]
    public async Task quirk_48_the_mime_header_is_repeated_in_the_body([Values] bool isTypeLost)
    {
        using var parties = Parties(true);
        parties.TamperAnswer = _ =>
        {
            var usual = Answer(Fill(Usual, parties), true);
            var head = $"MIME-Version: 1.0\r\nContent-Type: {usual.Content.Headers.NonValidated["Content-Type"]}\r\n\r\n";
            byte[] body = [.. Encoding.ASCII.GetBytes(head), .. usual.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult()];
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
            if (!isTypeLost)
                answer.Content.Headers.TryAddWithoutValidation("Content-Type", usual.Content.Headers.NonValidated["Content-Type"].ToString());
            return answer;
        };
        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        Assert.That(result.State, Is.EqualTo(MessageState.Acknowledged), result.Reason);
    }

    private static TestCaseData Form(string name, string form) => new TestCaseData(form, MessageState.Acknowledged, null).SetName(name);

    private static TestCaseData Negative(string name, string disposition, string says)
        => new TestCaseData(Usual.Replace("; processed", "; " + disposition, StringComparison.Ordinal), MessageState.Rejected, says).SetName(name);

    private static TestCaseData Unreadable(string name, string form, string says) => new TestCaseData(form, MessageState.RetryWait, says).SetName(name);

    private static string Lower(string fields)
        => string.Concat(fields.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(f => f[..f.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant() + f[f.IndexOf(':', StringComparison.Ordinal)..] + "\r\n"));

    private static TwoParties Parties(bool isSigned)
        => new(p => p with { Receipt = p.Receipt with { Requirement = isSigned ? ReceiptRequirement.Signed : ReceiptRequirement.Unsigned } });

    private static string Fill(string form, TwoParties parties)
    {
        var id = parties.Requests[^1].Headers["Message-ID"]!;
        var mic = Peer.ReceiptOf(parties.Answers[^1]).Notification!.Mic!.ToString();
        var value = mic[..mic.IndexOf(',', StringComparison.Ordinal)];
        string Put(string text) => text.Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{bare}", id.Trim('<', '>'), StringComparison.Ordinal)
            .Replace("{mic}", mic, StringComparison.Ordinal)
            .Replace("{qp}", mic.Replace("=", "=3D", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{tight}", mic.Replace(", ", ",", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{folded}", $"{value},\r\n sha-256", StringComparison.Ordinal)
            .Replace("{capital}", $"{value}, SHA256", StringComparison.Ordinal);
        return Put(form.Replace("{base64}", Convert.ToBase64String(Encoding.ASCII.GetBytes(Put(Fields)), Base64FormattingOptions.InsertLineBreaks), StringComparison.Ordinal));
    }

    private static HttpResponseMessage Answer(
        string report, bool isSigned, string type = "application/pkcs7-signature; name=\"smime.p7s\"", string encoding = "base64", DigestAlgorithm? digest = null)
    {
        var head = report.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var crlf ? crlf + 4 : report.IndexOf("\n\n", StringComparison.Ordinal) + 2;
        var body = isSigned ? Signed(Encoding.ASCII.GetBytes(report), type, encoding, digest ?? DigestAlgorithm.Sha256) : Encoding.ASCII.GetBytes(report[head..]);
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", isSigned
            ? "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=\"s\""
            : report[14..head].Trim().Replace("\r\n", "", StringComparison.Ordinal));
        return answer;
    }

    private static byte[] Signed(byte[] entity, string type, string encoding, DigestAlgorithm digest)
    {
        var cms = SignedData.CreateDetached(Digester.Hash(digest, entity), new SecurityAgreement { Digest = digest }, TwoParties.Keys("Bob"), TimeProvider.System.GetUtcNow());
        var base64 = Convert.ToBase64String(cms, Base64FormattingOptions.InsertLineBreaks).Replace("\r\n", "\n", StringComparison.Ordinal);
        var (label, content) = encoding switch
        {
            "base64" => ("base64", Encoding.ASCII.GetBytes(base64)),
            "base64-unlabelled" => ("", Encoding.ASCII.GetBytes(base64)),
            "binary-unlabelled" => ("", cms),
            "binary-as-base64" => ("base64", cms),
            "trailing" => ("binary", [.. cms, (byte)'\r', (byte)'\n', (byte)'\n']),
            _ => ("binary", cms),
        };
        var header = $"Content-Type: {type}\r\n{(label.Length == 0 ? "" : $"Content-Transfer-Encoding: {label}\r\n")}\r\n";
        return [.. "--s\r\n"u8, .. entity, .. "\r\n--s\r\n"u8, .. Encoding.ASCII.GetBytes(header), .. content, .. "\r\n--s--\r\n"u8];
    }
}
