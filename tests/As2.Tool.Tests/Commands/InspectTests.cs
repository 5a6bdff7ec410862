using System.Text;
using System.Text.Json;
using As2.Testing;

namespace As2.Tool.Tests.Commands;

/// <summary><c>as2 inspect</c> and its captures: forms, damage, files that are none.</summary>
public sealed class InspectTests
{
    private const string Head = "POST /as2 HTTP/1.1\r\nAS2-From: A\r\nAS2-To: B\r\nMessage-ID: <1@a>\r\nContent-Type: text/plain\r\n";

    private static readonly string[] s_fields =
        ["messageId", "as2From", "as2To", "layers", "payloads", "mic", "micAlternates", "signer", "disposition", "receipt", "faults"];

    [TestCase("<EDIINTCertificateExchangeResponse xmlns=\"urn:ietf:params:xml:ns:ediintcertificateexchange\" requestId=\"7\"><TradingPartnerInfo><Name>ME</Name></TradingPartnerInfo><TrustResponse><CertStatus>Rejected</CertStatus><ReasonForRejection>no</ReasonForRejection><CertificateReference><X509IssuerName>CN=a</X509IssuerName><X509SerialNumber>4</X509SerialNumber></CertificateReference></TrustResponse></EDIINTCertificateExchangeResponse>", "response '7' of ME: serial 4 of CN=a is rejected, no")]
    [TestCase("<a/>", "cannot be read")]
    public async Task a_certificate_exchange_is_named(string xml, string about)
    {
        using var folder = new TempFolder();
        folder.Write("r.xml", xml);
        await Tool.ExpectAsync(0, "pack", folder["r.xml"], "--from", "ME", "--to", "THEM", "--sign", "none", "--encrypt", "none", "--type", "application/ediint-cert-exchange+xml", "--out", folder["m.http"]);
        Assert.That((await Tool.ExpectAsync(0, "inspect", folder["m.http"])).Text, Does.Contain("certificate exchange").And.Contain(about));
    }

    [TestCase(Head + "Content-Length: 5\r\n\r\nhello", Description = "measured")]
    [TestCase(Head + "\r\nhello", Description = "to the end")]
    [TestCase(Head + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2 ;x\r\nlo\r\n0\r\n\r\n", Description = "chunked")]
    [TestCase(Head + "Transfer-Encoding: chunked\r\n\r\nhello", Description = "chunked once, put together by the capture")]
    [TestCase("as2-from: A\nAS2-TO:B\nmessage-id: <1@a>\nContent-Type: text/plain;\n\tcharset=utf-8\n\nhello", Description = "bare LF, folded, no request line")]
    [TestCase("\r\n" + Head + "Content-Length: 5\r\n\r\nhello\r\n", Description = "blank line before, line end behind")]
    [TestCase("\uFEFF" + Head + "\r\nhello", Description = "byte order mark")]
    public async Task every_form_of_capture_gives_the_same_payload(string capture)
    {
        var report = await ReportAsync(0, capture);
        Assert.That(report.GetProperty("payloads")[0].GetProperty("sha256").GetString(), Is.EqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"));
        Assert.That(report.EnumerateObject().Select(p => p.Name).Take(11), Is.EqualTo(s_fields));
    }

    [TestCase(Head + "Content-Length: 50\r\n\r\nhello", "capture")]
    [TestCase(Head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "capture")]
    [TestCase("no message at all", "capture")]
    [TestCase("", "capture")]
    [TestCase("Content-Type: text/plain\r\n\r\nhello", "headers")]
    [TestCase("HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\n\r\n<h1>Oops</h1>", "http")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "receipt")]
    public async Task damage_is_a_fault(string capture, string kind)
    {
        var report = await ReportAsync(1, capture);
        Assert.That(report.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("kind").GetString()), Does.Contain(kind));
    }

    [TestCase("--encrypt none", "multipart/signed")]
    [TestCase("--sign none", "application/pkcs7-mime")]
    [TestCase("--sign none --encrypt aes128-gcm", "application/pkcs7-mime")]
    [TestCase("--sign none --encrypt none --compress before", "application/pkcs7-mime")]
    public async Task a_body_alone_is_read_as_what_it_begins_with(string options, string type)
    {
        using var folder = new TempFolder();
        var (certificate, key) = TestKeys.WritePem(TestKeys.Rsa("bare body"), folder, "key");
        folder.Write("order.edi", "UNB+1'");
        await Tool.ExpectAsync(0, ["pack", folder["order.edi"], "--from", "A", "--to", "B", "--key", key, "--cert", certificate, "--partner", certificate, "--out", folder["m"], .. options.Split(' ')]);
        var whole = File.ReadAllBytes(folder["m"]);
        folder.Write("body", whole.AsSpan(whole.AsSpan().IndexOf("\r\n\r\n"u8) + 4));
        var report = await ReportAsync(1, File.ReadAllBytes(folder["body"]), "--key", key, "--cert", certificate, "--partner", certificate);
        Assert.That(report.GetProperty("contentType").GetString(), Does.StartWith(type));
        Assert.That(report.GetProperty("payloads")[0].GetProperty("fileName").GetString(), Is.EqualTo("order.edi"));
        Assert.That(report.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("kind").GetString()).Distinct(), Is.EqualTo(new[] { "headers" }));
    }

    [TestCase("")]
    [TestCase("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: multipart/report; boundary=b\r\n\r\n")]
    public async Task a_report_is_a_receipt_alone_and_behind_interim_answers(string before)
    {
        var report = before + "--b\r\nContent-Type: text/plain\r\n\r\nfine\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nOriginal-Message-ID: <1@a>\r\n"
            + "Disposition: automatic-action/MDN-sent-automatically; processed\r\n\r\n--b--\r\n";
        var found = await ReportAsync(0, report);
        Assert.That(found.GetProperty("kind").GetString(), Is.EqualTo("receipt"));
        Assert.That(found.GetProperty("receipt").GetProperty("originalMessageId").GetString(), Is.EqualTo("<1@a>"));
    }

    [Test]
    public async Task a_capture_whose_line_ends_were_changed_is_not_cut_short()
        => await ReportAsync(0, (Head + "Content-Length: 12\r\n\r\none\r\ntwo\r\n12").ReplaceLineEndings("\n"));

    [TestCase("OpenAS2 Server v4.9.0", "openas2", "sha-512")]
    [TestCase("ph-OpenAS2/4.4.4", "phase2", "sha-256")]
    [TestCase("somebody", null, "sha-256")]
    public async Task the_mic_is_the_one_that_the_sender_waits_for(string agent, string? product, string digest)
    {
        using var folder = new TempFolder();
        var (certificate, key) = TestKeys.WritePem(TestKeys.Rsa("sender's product"), folder, "key");
        await Tool.ExpectAsync(0, "pack", folder.Write("order.edi", "UNB+1'"), "--from", "A", "--to", "B", "--key", key, "--cert", certificate, "--encrypt", "none", "--out", folder["m"]);
        var message = Encoding.Latin1.GetString(File.ReadAllBytes(folder["m"]));
        var lines = message.Split("\r\n").Select(l => l.StartsWith("User-Agent:", StringComparison.OrdinalIgnoreCase) ? $"User-Agent: {agent}" : l.Replace("micalg=optional, sha-256", "micalg=optional, sha-512", StringComparison.Ordinal));
        var report = await ReportAsync(0, Encoding.Latin1.GetBytes(string.Join("\r\n", lines)), "--partner", certificate);
        Assert.That(report.GetProperty("product").GetString(), Is.EqualTo(product));
        Assert.That(report.GetProperty("mic").GetProperty("algorithm").GetString(), Is.EqualTo(digest));
    }

    [Test]
    public async Task a_missing_file_gives_an_object_and_exit_code_3_and_the_others_go_on()
    {
        using var folder = new TempFolder();
        var result = await Tool.ExpectAsync(3, "inspect", "--json", folder["absent"], folder.Write("m", Head + "\r\nhello"));
        var lines = result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.That(lines, Has.Count.EqualTo(2));
        Assert.That(lines[0].GetProperty("faults")[0].GetProperty("kind").GetString(), Is.EqualTo("file"));
        Assert.That(lines[1].GetProperty("disposition").GetString(), Is.EqualTo("processed"));
    }

    [Test]
    public async Task strict_names_what_an_agreement_refuses()
    {
        using var folder = new TempFolder();
        var result = await Tool.ExpectAsync(1, "inspect", "--strict", folder.Write("m", Head + "\r\nhello"));
        Assert.That(result.Text, Does.Contain("FAULT weak: The message is not signed.").And.Contain("insufficient-message-security"));
    }

    [Test]
    public async Task control_characters_do_not_reach_the_terminal()
    {
        using var folder = new TempFolder();
        var result = await Tool.ExpectAsync(0, "inspect", folder.Write("m", Head + "Subject: a\u001b[31mred\r\n\r\nhello"));
        Assert.That(result.Text, Does.Contain("red").And.Not.Contain("\u001b"));
    }

    private static Task<JsonElement> ReportAsync(int exitCode, string capture) => ReportAsync(exitCode, Encoding.UTF8.GetBytes(capture));

    private static async Task<JsonElement> ReportAsync(int exitCode, byte[] capture, params string[] options)
    {
        var result = await Tool.RunWithInputAsync(capture, ["inspect", "--json", "-", .. options]);
        Assert.That(result.ExitCode, Is.EqualTo(exitCode), () => $"{result.Error}\n{result.Text}");
        return JsonDocument.Parse(result.Text).RootElement;
    }
}
