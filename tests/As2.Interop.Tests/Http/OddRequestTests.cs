using System.Text;
using As2.Agreements;
using As2.Testing;

namespace As2.Interop.Tests.Http;

/// <summary>Requests that are odd, or that ask for something odd, from a bare socket: each with the status that it gets.</summary>
public sealed class OddRequestTests
{
    private Endpoint _endpoint = null!;

    [OneTimeSetUp]
    public async Task Start() => _endpoint = await Endpoint.StartAsync(
        Sealed.AtBob(new SecurityRequirements { RequireEncrypted = false, RequireSigned = false }), Sealed.CertificatesOfBob, options => options.FailureGrid = TimeSpan.Zero);

    [OneTimeTearDown]
    public async Task Stop() => await _endpoint.DisposeAsync();

    [TestCase("Message-ID", "<$(reboot)@x>", "; processed\r\n")]
    [TestCase("Message-ID", "<\"; rm -rf /\"@x>", null)]
    [TestCase("Message-ID", "<a b@x>", null)]
    [TestCase("AS2-Version", "9.9", "; processed\r\n")]
    [TestCase("Disposition-Notification-Options", "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, md5", "failed/failure: unsupported MIC-algorithms")]
    [TestCase("Disposition-Notification-Options", "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha1", "; processed\r\n")]
    [TestCase("Disposition-Notification-Options", "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, whirlpool", "failed/failure: unsupported MIC-algorithms")]
    [TestCase("Disposition-Notification-Options", "signed-receipt-protocol=required, pgp; signed-receipt-micalg=required, sha-256", "failed/failure: unsupported format")]
    [TestCase("Receipt-Delivery-Option", "http://169.254.169.254/latest/meta-data", "; processed\r\n")]
    [TestCase("Receipt-Delivery-Option", "file:///etc/passwd", "; processed\r\n")]
    [TestCase("Receipt-Delivery-Option", "gopher://127.0.0.1:70/", "; processed\r\n")]
    [TestCase("Receipt-Delivery-Option", "ftp://127.0.0.1/", "; processed\r\n")]
    [TestCase("Receipt-Delivery-Option", "http://localhost.evil.example/", "; processed\r\n")]
    [TestCase("Receipt-Delivery-Option", "http://[::1]/", "; processed\r\n")]
    [TestCase("Receipt-Delivery-Option", "http://[::ffff:10.0.0.1]/", "; processed\r\n")]
    [TestCase("Receipt-Delivery-Option", "http://user:word@127.0.0.1:9/", "; processed\r\n")]
    [Rfc("4130", "7.3")]
    public async Task what_a_header_asks_is_answered_on_this_connection(string name, string value, string? outcome)
    {
        var answer = await _endpoint.PostAsync(Sealed.Of(new()).With(name, value));
        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Text, Does.Contain(outcome ?? "disposition-notification"));
        await DrainAsync();
    }

    [Test]
    public async Task fields_far_too_long_are_taken_or_refused_and_never_followed()
    {
        foreach (var (name, value) in new[]
        {
            ("Message-ID", $"<{new string('m', 10_000)}@x>"),
            ("Receipt-Delivery-Option", "http://127.0.0.1:9/" + new string('r', 10_000)),
            ("Disposition-Notification-Options", "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional" + string.Concat(Enumerable.Range(0, 50).Select(i => $", alg{i}"))),
        })
        {
            var answer = await _endpoint.PostAsync(Sealed.Of(new()).With(name, value));
            Assert.That(answer.Status, Is.AnyOf(200, 400), name);
            await DrainAsync();
        }
    }

    [Test]
    public async Task an_identifier_counts_once_for_its_content_and_once_for_each_partner()
    {
        var first = Sealed.Of(new());
        Assert.That((await _endpoint.PostAsync(first)).Text, Does.Contain("; processed\r\n"));
        await _endpoint.ReceivedAsync();
        var other = Sealed.Of(new(), payload: "UNA:+.? 'another\n"u8.ToArray()).With("Message-ID", first.Headers["Message-ID"]);
        Assert.That((await _endpoint.PostAsync(other)).Text, Does.Contain("processed/error"));
        Assert.That((await _endpoint.PostAsync(first.With("AS2-From", "Malle"))).Text, Does.Contain("unknown-trading-partner"));
        Assert.That((await _endpoint.PostAsync(first)).Text, Does.Contain("; processed\r\n"), "the first copy's receipt");
        Assert.That(_endpoint.IsIdle);
    }

    [TestCase("POST /as2 HTTP/1.1\r\n", "\r\nPOST /as2 HTTP/1.1\r\n", 200, Description = "an empty line before the request")]
    [TestCase("POST /as2 HTTP/1.1\r\n", "POST http://localhost/as2 HTTP/1.1\r\n", 200, Description = "absolute form")]
    [TestCase("Host: localhost\r\n", "Host: localhost\r\nX: a\u0001b\r\n", 200, Description = "a control character")]
    [TestCase("Host: localhost\r\n", "Host: localhost\r\nSubject: M\u00c3\u00bcller\r\n", 200, Description = "UTF-8")]
    [TestCase("Host: localhost\r\n", "Host: localhost\nX: a\n", 200, Description = "bare LF")]
    [TestCase("Content-Length: ", "Content-Length: 000", 200, Description = "zeros before the length")]
    [TestCase("POST /as2 HTTP/1.1\r\n", "POST /as2 HTTP/3.0\r\n", 505)]
    [TestCase("POST /as2 HTTP/1.1\r\n", "POST /as2\r\n", 400)]
    [TestCase("POST /as2 HTTP/1.1\r\n", "POST /as2 /x HTTP/1.1\r\n", 400)]
    [TestCase("POST /as2 HTTP/1.1\r\n", "POST /as2/../admin HTTP/1.1\r\n", 404)]
    [TestCase("POST /as2 HTTP/1.1\r\n", "CONNECT /as2 HTTP/1.1\r\n", 405)]
    public async Task an_odd_form_of_the_request_is_answered(string usual, string odd, int status)
    {
        var message = Sealed.Of(new());
        var request = Encoding.Latin1.GetString(RawHttp.Request("/as2", message.Headers, message.Body));
        var at = request.IndexOf(usual, StringComparison.Ordinal);
        var answer = await RawHttp.SendAsync(_endpoint.Port, Encoding.Latin1.GetBytes(request.Remove(at, usual.Length).Insert(at, odd)));
        Assert.That(answer.Status, Is.EqualTo(status));
        await DrainAsync();
    }

    [Test]
    public async Task http_1_0_is_answered_and_the_connection_ends()
    {
        var message = Sealed.Of(new());
        var request = Encoding.Latin1.GetString(RawHttp.Request("/as2", message.Headers, message.Body)).Replace("HTTP/1.1\r\nHost: localhost\r\n", "HTTP/1.0\r\n", StringComparison.Ordinal);
        await using var connection = await RawHttp.ConnectAsync(_endpoint.Port);
        await connection.WriteAsync(Encoding.Latin1.GetBytes(request));
        var all = Encoding.Latin1.GetString(await connection.ReadUntilAsync(_ => false));
        Assert.That(all, Does.StartWith("HTTP/1.1 200 ").And.Contain("; processed\r\n"));
        await DrainAsync();
    }

    [Test]
    public async Task a_request_without_length_and_chunks_has_no_body()
    {
        var head = Encoding.Latin1.GetString(RawHttp.Request("/as2", Sealed.Of(new()).Headers, default)).Replace("Content-Length: 0\r\n", "", StringComparison.Ordinal);
        var answer = await RawHttp.SendAsync(_endpoint.Port, Encoding.Latin1.GetBytes(head));
        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Text, Does.Not.Contain("; processed\r\n"));
    }

    [Test]
    public async Task nothing_of_one_request_is_left_for_the_next_on_its_connection()
    {
        await using var connection = await RawHttp.ConnectAsync(_endpoint.Port);
        var first = Sealed.Of(new());
        await connection.WriteAsync(RawHttp.Request("/as2", first.Headers, first.Body));
        Assert.That((await connection.ReadAsync()).Text, Does.Contain(first.Headers["Message-ID"]!));
        var second = Sealed.Of(new(), signedReceipt: false).With("AS2-From", "Malle");
        await connection.WriteAsync(RawHttp.Request("/as2", second.Headers, second.Body));
        var answer = await connection.ReadAsync();
        Assert.That(answer.Text, Does.Contain(second.Headers["Message-ID"]!).And.Not.Contain(first.Headers["Message-ID"]!));
        Assert.That(answer.Headers["Content-Type"], Does.StartWith("multipart/report"));
        await DrainAsync();
    }

    [Test]
    public async Task many_slow_senders_keep_no_honest_one_waiting()
    {
        var slow = new List<RawHttp>();
        var message = Sealed.Of(new());
        var request = RawHttp.Request("/as2", message.Headers, new byte[100_000]);
        try
        {
            for (var i = 0; i < 400; i++)
            {
                slow.Add(await RawHttp.ConnectAsync(_endpoint.Port, System.Net.IPAddress.Parse("127.0.0.2")));
                await slow[^1].WriteAsync(request.AsMemory(0, i % 2 == 0 ? 100 : request.Length - 99_000));
            }
            for (var i = 0; i < 20; i++)
            {
                Assert.That((await _endpoint.PostAsync(Sealed.Of(new()))).Text, Does.Contain("; processed\r\n"));
                await _endpoint.ReceivedAsync();
            }
        }
        finally
        {
            foreach (var connection in slow)
                await connection.DisposeAsync();
        }
    }

    /// <summary>What was taken, was delivered: the next test begins with an empty inbox.</summary>
    private async Task DrainAsync()
    {
        // One more message: what came before it is delivered when this one is, or was not taken.
        var last = Sealed.Of(new(), payload: "UNA:+.? 'last\n"u8.ToArray());
        Assert.That((await _endpoint.PostAsync(last)).Text, Does.Contain("; processed\r\n"));
        while (Encoding.ASCII.GetString((await _endpoint.ReceivedAsync()).Content) != "UNA:+.? 'last\n")
        {
        }
    }
}
