using System.Net;
using System.Text;
using As2.Agreements;
using As2.AspNetCore;
using As2.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace As2.Interop.Tests.Http;

/// <summary>The port for old senders beside the strict one, from bare sockets: the same message through both.</summary>
public sealed class LegacyPortTests
{
    private readonly int _legacy = FreePort.Take();
    private Endpoint _endpoint = null!;

    [OneTimeSetUp]
    public async Task Start() => _endpoint = await Endpoint.StartAsync(
        Sealed.AtBob(new SecurityRequirements { RequireEncrypted = false, RequireSigned = false }), Sealed.CertificatesOfBob, options => options.FailureGrid = TimeSpan.Zero,
        kestrel => kestrel.Listen(IPAddress.Loopback, _legacy, listen => listen.UseLegacyHttpTolerance()));

    [OneTimeTearDown]
    public async Task Stop() => await _endpoint.DisposeAsync();

    [TestCase("Subject: an order\r\n of two lines\r\n", 400)]
    [TestCase("Subject: M\u00fcller\r\n", 400)]
    [TestCase("Content-Length: LENGTH\r\n", 400)]
    [TestCase("Subject: plain\n", 200)]
    public async Task what_the_strict_port_refuses_is_a_message_on_the_other(string field, int strict)
    {
        foreach (var manner in PushManner.All)
        {
            var message = Sealed.Of(new());
            Assert.That((await SendAsync(_legacy, With(message, field), manner)).Text, Does.Contain("; processed\r\n"), manner.Name);
            Assert.That((await _endpoint.ReceivedAsync()).Content, Is.EqualTo(Sealed.Order));
        }
        var other = await SendAsync(_endpoint.Port, With(Sealed.Of(new()), field), PushManner.Whole);
        Assert.That(other.Status, Is.EqualTo(strict));
        if (strict == 200)
            await _endpoint.ReceivedAsync();
    }

    [Test]
    public async Task blanks_after_chunk_sizes_are_taken_and_the_octets_stay_as_they_are()
    {
        foreach (var manner in PushManner.All)
        {
            Assert.That((await SendAsync(_legacy, Chunked(Sealed.Of(new()), "{0:x}  \r\n"), manner)).Text, Does.Contain("; processed\r\n"), manner.Name);
            Assert.That((await _endpoint.ReceivedAsync()).Content, Is.EqualTo(Sealed.Order));
        }
    }

    [Test]
    public async Task requests_in_one_piece_are_answered_in_their_order()
    {
        var (first, second) = (Sealed.Of(new()), Sealed.Of(new()));
        await using var connection = await RawHttp.ConnectAsync(_legacy);
        await connection.WriteAsync((byte[])[.. Chunked(first, "{0:x} \r\n"), .. With(second, "Subject: a\r\n b\r\n")]);
        var answers = Encoding.Latin1.GetString(await connection.ReadUntilAsync(text => text.Split("Original-Message-ID").Length == 3));
        Assert.That(answers.IndexOf(first.Headers["Message-ID"]!, StringComparison.Ordinal), Is.LessThan(answers.IndexOf(second.Headers["Message-ID"]!, StringComparison.Ordinal)).And.Positive);
        await _endpoint.ReceivedAsync();
        await _endpoint.ReceivedAsync();
    }

    [TestCase("Transfer-Encoding: chunked\r\n", Description = "a length and chunks")]
    [TestCase("Content-Length: 1\r\n", Description = "two lengths")]
    [TestCase("Content-Length : 1\r\n")]
    [TestCase("Transfer-Encoding:\r\n chunked\r\n")]
    [TestCase("X: a\rContent-Length: 1\r\n")]
    public async Task what_two_readers_could_count_differently_ends_with_400(string field)
    {
        var message = Sealed.Of(new());
        byte[] smuggled = [.. With(message, field), .. RawHttp.Request("/as2", Sealed.Of(new()).Headers, message.Body)];
        foreach (var manner in PushManner.All)
        {
            await using var connection = await RawHttp.ConnectAsync(_legacy);
            var answers = await SendAllAsync(connection, smuggled, manner);
            Assert.That(answers, Does.StartWith("HTTP/1.1 400 "), manner.Name);
            Assert.That(answers.Split("HTTP/1.1 "), Has.Length.EqualTo(2), "the second request is not seen");
        }
        Assert.That(_endpoint.IsIdle);
    }

    [TestCase("{0:x}\n")]
    [TestCase("{0:x};a\n")]
    [TestCase("0x{0:x}\r\n")]
    [TestCase("f000000000000{0:x}\r\n")]
    public async Task a_bad_chunk_size_ends_with_400(string size)
    {
        await using var connection = await RawHttp.ConnectAsync(_legacy);
        var answers = await SendAllAsync(connection, Chunked(Sealed.Of(new()), size), PushManner.Whole);
        Assert.That(answers, Does.StartWith("HTTP/1.1 400 "));
        Assert.That(_endpoint.IsIdle);
    }

    [Test]
    public async Task a_head_without_end_hears_431()
    {
        await using var connection = await RawHttp.ConnectAsync(_legacy);
        var answers = await SendAllAsync(connection, Encoding.ASCII.GetBytes($"POST /as2 HTTP/1.1\r\nHost: x\r\nX: {new string('a', 60_000)}"), PushManner.Of(1000));
        Assert.That(answers, Does.StartWith("HTTP/1.1 431 "));
    }

    private static byte[] With(Sealed message, string field)
    {
        var request = Encoding.Latin1.GetString(RawHttp.Request("/as2", message.Headers, message.Body));
        return Encoding.Latin1.GetBytes(request.Insert(request.IndexOf('\n', StringComparison.Ordinal) + 1, field.Replace("LENGTH", $"{message.Body.Length}", StringComparison.Ordinal)));
    }

    private static byte[] Chunked(Sealed message, string size)
    {
        var head = Encoding.Latin1.GetString(RawHttp.Request("/as2", message.Headers, default)).Replace("Content-Length: 0", "Transfer-Encoding: chunked", StringComparison.Ordinal);
        var format = CompositeFormat.Parse(size);
        var half = message.Body.Length / 2;
        byte[] Chunk(byte[] octets) => [.. Encoding.ASCII.GetBytes(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, octets.Length)), .. octets, .. "\r\n"u8];
        return [.. Encoding.Latin1.GetBytes(head), .. Chunk(message.Body[..half]), .. Chunk(message.Body[half..]), .. "0\r\n\r\n"u8];
    }

    private static async Task<RawHttpMessage> SendAsync(int port, byte[] request, PushManner manner)
    {
        await using var connection = await RawHttp.ConnectAsync(port);
        foreach (var piece in manner.Slice(request))
            await connection.WriteAsync(piece);
        return await connection.ReadAsync();
    }

    /// <summary>Everything that comes until the other side closes, which it may do before all is sent.</summary>
    private static async Task<string> SendAllAsync(RawHttp connection, byte[] octets, PushManner manner)
    {
        var reading = connection.ReadUntilAsync(_ => false);
        try
        {
            foreach (var piece in manner.Slice(octets))
                await connection.WriteAsync(piece);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It answered and closed.
        }
        return Encoding.Latin1.GetString(await reading);
    }
}
