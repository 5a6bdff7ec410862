using System.Text;
using As2.Agreements;
using As2.Testing;

namespace As2.Interop.Tests.Http;

/// <summary>Requests that are wrong on purpose, from a bare socket: a refusal, nothing delivered, and honest traffic goes on.</summary>
public sealed class HostileRequestTests
{
    private Endpoint _endpoint = null!;

    [OneTimeSetUp]
    public async Task Start() => _endpoint = await Endpoint.StartAsync(
        Sealed.AtBob(new SecurityRequirements { RequireEncrypted = false, RequireSigned = false }), Sealed.CertificatesOfBob, options => options.FailureGrid = TimeSpan.Zero);

    [OneTimeTearDown]
    public async Task Stop() => await _endpoint.DisposeAsync();

    [TearDown]
    public async Task honest_traffic_goes_on()
    {
        Assert.That(_endpoint.IsIdle, "nothing was delivered");
        Assert.That((await _endpoint.PostAsync(Sealed.Of(new()))).Text, Does.Contain("; processed\r\n"));
        await _endpoint.ReceivedAsync();
    }

    [TestCase("X: a\r\n b\r\n", 400, Description = "a folded field")]
    [TestCase("X: a\0b\r\n", 400)]
    [TestCase("X: a\rb\r\n", 400)]
    [TestCase("X : a\r\n", 400)]
    [TestCase("X\r\n", 400)]
    [TestCase("Host: other.example\r\n", 400)]
    [TestCase("AS2-From: Mallory\r\n", 400)]
    [TestCase("Message-ID: <other@alice>\r\n", 400)]
    [TestCase("Content-Type: text/plain\r\n", 400)]
    [TestCase("Content-Length: 1\r\n", 400)]
    [TestCase("Transfer-Encoding: gzip, chunked\r\n", 400)]
    [TestCase("Transfer-Encoding: identity\r\n", 400)]
    [TestCase("Content-Encoding: gzip\r\n", 415)]
    public async Task a_field_that_splits_or_contradicts_is_refused(string field, int status)
        => Assert.That((await SendAsync(With(field))).Status, Is.EqualTo(status));

    [Test]
    public async Task too_many_fields_and_too_long_ones_are_refused()
    {
        Assert.That((await SendAsync(With(string.Concat(Enumerable.Range(0, 5000).Select(i => $"X{i}: 1\r\n"))))).Status, Is.EqualTo(431));
        Assert.That((await SendAsync(With($"X: {new string('a', 64 << 10)}\r\n"))).Status, Is.EqualTo(431));
    }

    [Test]
    [Rfc("4130", "5.3.1")]
    [Rfc("9112", "6.3")]
    public async Task a_length_and_chunks_together_are_refused_and_the_connection_ends()
    {
        var request = Encoding.Latin1.GetBytes(Head(Sealed.Of(new())).Replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", StringComparison.Ordinal));
        await using var connection = await RawHttp.ConnectAsync(_endpoint.Port);
        await connection.WriteAsync((byte[])[.. request, .. "0\r\n\r\nPOST /as2 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"u8]);
        var answer = await connection.ReadAsync();
        Assert.That((answer.Status, answer.Headers["Connection"]), Is.EqualTo((400, "close")));
    }

    [TestCase("7fffffffffffffff\r\nabc")]
    [TestCase("ffffffffffffffffff\r\nabc")]
    [TestCase("-1\r\nabc")]
    [TestCase("3 \r\nabc\r\n0\r\n\r\n", Description = "the strict port stays strict")]
    [TestCase("zz\r\nabc")]
    public async Task a_bad_chunk_size_ends_the_request(string chunks)
    {
        var request = Encoding.Latin1.GetBytes(Head(Sealed.Of(new())).Replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n", StringComparison.Ordinal));
        await using var connection = await RawHttp.ConnectAsync(_endpoint.Port);
        await connection.WriteAsync((byte[])[.. request, .. Encoding.ASCII.GetBytes(chunks)]);
        connection.HalfClose();
        Assert.That(await StatusAsync(connection), Is.AnyOf(400, null));
    }

    [Test]
    public async Task a_body_shorter_than_its_length_is_no_message()
    {
        var message = Sealed.Of(new());
        var request = RawHttp.Request("/as2", message.Headers, message.Body);
        await using var connection = await RawHttp.ConnectAsync(_endpoint.Port);
        await connection.WriteAsync(request.AsMemory(0, request.Length - 1));
        connection.HalfClose();
        Assert.That(await StatusAsync(connection), Is.AnyOf(400, null));
    }

    [Test]
    public async Task whoever_expects_to_be_told_is_told_and_may_leave()
    {
        var message = Sealed.Of(new()).With("Expect", "100-continue");
        var request = RawHttp.Request("/as2", message.Headers, message.Body);
        await using (var leaving = await RawHttp.ConnectAsync(_endpoint.Port))
        {
            await leaving.WriteAsync(request.AsMemory(0, request.Length - message.Body.Length));
            Assert.That((await leaving.ReadAsync()).Status, Is.EqualTo(100));
            leaving.Reset();
        }
        Assert.That((await SendAsync(With("Expect: something-else\r\n"))).Status, Is.EqualTo(200).Or.EqualTo(417));
        await _endpoint.ReceivedAsync();
    }

    [Test]
    public async Task neither_the_host_nor_what_a_proxy_would_say_comes_back()
    {
        var message = Sealed.Of(new()).With("X-Forwarded-Proto", "https").With("X-Forwarded-Host", "evil.example").With("X-Forwarded-For", "10.0.0.1");
        var octets = Encoding.Latin1.GetString(RawHttp.Request("/as2", message.Headers, message.Body)).Replace("Host: localhost", "Host: evil.example", StringComparison.Ordinal);
        var answer = await SendAsync(Encoding.Latin1.GetBytes(octets));
        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Text + string.Concat(answer.Headers.Select(h => h.Value)), Does.Not.Contain("evil.example").And.Not.Contain("10.0.0.1"));
        await _endpoint.ReceivedAsync();
    }

    [Test]
    public async Task whoever_is_turned_away_hears_a_reference_and_nothing_else()
    {
        var answers = new[]
        {
            await _endpoint.PostAsync(Sealed.Of(new()).With("AS2-From", null)),
            await _endpoint.PostAsync(Sealed.Of(new()).With("AS2-To", new string('x', 129))),
            await _endpoint.PostAsync(Sealed.Of(new()).With("Message-ID", null)),
            await _endpoint.PostAsync(Sealed.Of(new()).With("AS2-To", "../../etc/passwd").With("Disposition-Notification-To", null)),
            await _endpoint.PostAsync(Sealed.Of(new()).With("Content-Encoding", "gzip")),
        };
        Assert.That(answers.Select(a => a.Status), Is.EqualTo(new[] { 400, 400, 400, 403, 415 }));
        Assert.That(answers.Select(a => a.Text), Is.All.Match(@"\AReference: [0-9A-Z]+:[0-9A-F]+\r\n\z"));
        Assert.That(answers.Select(a => a.Text), Is.Unique);
    }

    [Test]
    public async Task nothing_of_what_was_refused_stays_in_memory()
    {
        const int rounds = 200;
        byte[][] hostile =
        [
            With("X: a\r\n b\r\n"), With("Content-Encoding: gzip\r\n"), With($"X: {new string('a', 64 << 10)}\r\n"),
            With(string.Concat(Enumerable.Range(0, 99).Select(i => $"X{i}: {new string('a', 300)}\r\n"))),
            Of(Sealed.Of(new()).With("AS2-To", "nobody")), Of(Sealed.Of(new()).With("Message-ID", "<00000000@hostile>").With("AS2-From", "nobody")),
        ];
        await SendAllAsync(hostile, rounds / 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await SendAllAsync(hostile, rounds);
        Assert.That((GC.GetTotalMemory(forceFullCollection: true) - before) / rounds, Is.LessThan(1 << 10), "bytes for each round");

        byte[] Of(Sealed message) => RawHttp.Request("/as2", message.Headers, message.Body);
    }

    private async Task SendAllAsync(byte[][] requests, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var request in requests)
                await SendAsync(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(request).Replace("00000000@", $"{Guid.NewGuid():N}@", StringComparison.Ordinal)));
        }
    }

    private Task<RawHttpMessage> SendAsync(byte[] request) => RawHttp.SendAsync(_endpoint.Port, request);

    private static string Head(Sealed message)
        => $"POST /as2 HTTP/1.1\r\nHost: localhost\r\n{string.Concat(message.Headers.Select(f => $"{f.Key}: {f.Value}\r\n"))}\r\n";

    /// <summary>An honest request with one more field, or several.</summary>
    private static byte[] With(string field)
    {
        var message = Sealed.Of(new());
        var request = Encoding.Latin1.GetString(RawHttp.Request("/as2", message.Headers, message.Body));
        return Encoding.Latin1.GetBytes(request.Insert(request.IndexOf("\r\n", StringComparison.Ordinal) + 2, field));
    }

    /// <summary>The status of the answer; null when the connection ended without one.</summary>
    private static async Task<int?> StatusAsync(RawHttp connection)
    {
        try
        {
            return (await connection.ReadAsync()).Status;
        }
        catch (Exception e) when (e is FormatException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }
}
