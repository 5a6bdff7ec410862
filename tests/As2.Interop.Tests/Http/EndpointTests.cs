using System.Text;
using As2.Agreements;
using As2.AspNetCore;
using As2.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Interop.Tests.Http;

/// <summary>What the endpoint answers to HTTP itself, seen from a bare socket.</summary>
public sealed class EndpointTests
{
    private Endpoint _endpoint = null!;

    [OneTimeSetUp]
    public async Task Start() => _endpoint = await Endpoint.StartAsync(
        Sealed.AtBob(new SecurityRequirements { RequireEncrypted = false, RequireSigned = false, MaxMessageBytes = 1 << 20 }), Sealed.CertificatesOfBob,
        options => options.FailureGrid = TimeSpan.Zero,
        services: services => services.Configure<As2EndpointOptions>(http => http.MinBodyRateGrace = TimeSpan.FromSeconds(1.1)));

    [OneTimeTearDown]
    public async Task Stop() => await _endpoint.DisposeAsync();

    [Test]
    [Rfc("4130", "3.1")]
    [Rfc("4130", "5.3.1")]
    [Rfc("9110", "8.6")]
    public async Task a_post_is_answered_with_a_receipt_of_the_length_that_is_said()
    {
        var answer = await _endpoint.PostAsync(Sealed.Of(new()));
        Assert.Multiple(() =>
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.Headers["Content-Length"], Is.EqualTo(answer.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            Assert.That(answer.Text, Does.Contain("; processed\r\n"));
        });
    }

    [Test]
    [Rfc("4130", "7.6")]
    [Rfc("3798", "2.1")]
    public async Task a_receipt_asks_for_no_receipt_and_has_two_parts([Values] bool signed)
    {
        var answer = await _endpoint.PostAsync(Sealed.Of(new(), signedReceipt: signed));
        var boundary = answer.Text.Split("multipart/report")[^1];
        Assert.Multiple(() =>
        {
            Assert.That(answer.Headers["Disposition-Notification-To"], Is.Null);
            Assert.That(answer.Text.Split("Content-Type: message/disposition-notification"), Has.Length.EqualTo(2));
            Assert.That(answer.Text.Split("Content-Type: text/plain"), Has.Length.EqualTo(2));
            Assert.That(boundary, Is.Not.Empty);
        });
    }

    [Test]
    [Rfc("4130", "5.3.4")]
    public async Task a_request_without_host_is_refused()
    {
        var message = Sealed.Of(new());
        var head = string.Concat(message.Headers.Select(f => $"{f.Key}: {f.Value}\r\n"));
        var octets = Encoding.ASCII.GetBytes($"POST /as2 HTTP/1.1\r\n{head}Content-Length: {message.Body.Length}\r\n\r\n");
        Assert.That((await RawHttp.SendAsync(_endpoint.Port, (byte[])[.. octets, .. message.Body])).Status, Is.EqualTo(400));
    }

    [TestCase("GET")]
    [TestCase("PUT")]
    [TestCase("PROPFIND")]
    [TestCase("TRACE")]
    [Rfc("9110", "9.1")]
    public async Task another_method_is_not_taken(string method)
    {
        var octets = Encoding.ASCII.GetBytes($"{method} /as2 HTTP/1.1\r\nHost: localhost\r\nETag: \"1\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.That((await RawHttp.SendAsync(_endpoint.Port, octets)).Status, Is.EqualTo(405));
    }

    [Test]
    [Rfc("9110", "8.4")]
    public async Task a_content_encoding_is_refused()
        => Assert.That((await _endpoint.PostAsync(Sealed.Of(new()).With("Content-Encoding", "gzip"))).Status, Is.EqualTo(415));

    [Test]
    public async Task headers_of_ten_megabytes_are_refused_before_they_are_read_whole()
    {
        await using var connection = await RawHttp.ConnectAsync(_endpoint.Port);
        await connection.WriteAsync("POST /as2 HTTP/1.1\r\nHost: localhost\r\nX: "u8.ToArray());
        var sending = SendUntilClosedAsync(connection, new byte[10 << 20].Select(_ => (byte)'a').ToArray());
        Assert.That((await connection.ReadAsync()).Status, Is.EqualTo(431));
        Assert.That(await sending, Is.LessThan(10 << 20));
    }

    [Test]
    public async Task a_body_that_trickles_is_ended_by_the_host_and_leaves_nothing_behind()
    {
        await using var connection = await RawHttp.ConnectAsync(_endpoint.Port);
        var whole = RawHttp.Request("/as2", Sealed.Of(new()).Headers, new byte[5000]);
        await connection.WriteAsync(whole.AsMemory(0, whole.Length - 4000));
        Assert.That((await connection.ReadAsync()).Status, Is.EqualTo(408));
        Assert.That(_endpoint.IsIdle);
    }

    [Test]
    [Rfc("4130", "5.1")]
    [Rfc("9110", "15.5.14")]
    public async Task a_body_beyond_the_agreement_is_refused_whether_its_length_is_said_or_not([Values] bool chunked)
    {
        var message = Sealed.Of(new());
        var body = new byte[(1 << 20) + 1];
        var request = chunked ? Chunked(message, body) : RawHttp.Request("/as2", message.Headers, body);
        await using var connection = await RawHttp.ConnectAsync(_endpoint.Port);
        var sending = SendUntilClosedAsync(connection, request);
        Assert.That((await connection.ReadAsync()).Status, Is.EqualTo(413));
        await sending;
    }

    [Test]
    public async Task a_chunked_message_is_the_same_message()
    {
        var message = Sealed.Of(new());
        Assert.That((await RawHttp.SendAsync(_endpoint.Port, Chunked(message, message.Body))).Text, Does.Contain("; processed\r\n"));
    }

    [TestCase("AS2-From", "\"Alice\"", "; processed\r\n")]
    [TestCase("AS2-To", "\"Bob\"", "; processed\r\n")]
    [TestCase("AS2-From", "alice", "unknown-trading-partner")]
    [Rfc("4130", "6.2")]
    public async Task names_count_decoded_and_with_their_case(string header, string value, string outcome)
        => Assert.That((await _endpoint.PostAsync(Sealed.Of(new()).With(header, value))).Text, Does.Contain(outcome));

    private static byte[] Chunked(Sealed message, byte[] body)
    {
        var head = Encoding.ASCII.GetString(RawHttp.Request("/as2", message.Headers, default)).Replace("Content-Length: 0", "Transfer-Encoding: chunked", StringComparison.Ordinal);
        var half = body.Length / 2;
        return [.. Encoding.ASCII.GetBytes(head), .. Chunk(body.AsSpan(0, half)), .. Chunk(body.AsSpan(half)), .. "0\r\n\r\n"u8];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> octets) => [.. Encoding.ASCII.GetBytes($"{octets.Length:x}\r\n"), .. octets, .. "\r\n"u8];

    /// <summary>Sends until the other side has enough; how much that was.</summary>
    private static async Task<int> SendUntilClosedAsync(RawHttp connection, byte[] octets)
    {
        var sent = 0;
        try
        {
            for (; sent < octets.Length; sent += Math.Min(16 << 10, octets.Length - sent))
                await connection.WriteAsync(octets.AsMemory(sent, Math.Min(16 << 10, octets.Length - sent)));
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It answered and closed: that is what the test waits for.
        }
        return sent;
    }
}
