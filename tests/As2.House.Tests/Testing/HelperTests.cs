using System.Net;
using System.Net.Sockets;
using System.Text;
using As2.Layers;
using As2.Testing;

namespace As2.House.Tests.Testing;

public sealed class HelperTests
{
    [TestCaseSource(typeof(PushManner), nameof(PushManner.All))]
    public async Task every_manner_delivers_the_same_octets(PushManner manner)
    {
        var octets = "one\r\ntwo\n\nthree"u8.ToArray();
        var sink = new Collector();
        manner.Push(octets, sink);
        var streamed = new MemoryStream();
        await manner.AsStream(octets).CopyToAsync(streamed);
        Assert.Multiple(() =>
        {
            Assert.That(sink.Octets, Is.EqualTo(octets));
            Assert.That(streamed.ToArray(), Is.EqualTo(octets));
        });
    }

    [TestCase("HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 2\r\n\r\nhello", "b c", "he")]
    [TestCase("HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n0A\r\nllo wo\r\nrl\r\n0\r\n\r\n", "b", "hello wo\r\nrl")]
    [TestCase("A: b\nC: d\n\nbody", "b", "body")]
    public void a_raw_message_is_read(string text, string field, string body)
    {
        var message = RawHttpMessage.Parse(Encoding.Latin1.GetBytes(text));
        Assert.Multiple(() =>
        {
            Assert.That(message.Headers["a"], Is.EqualTo(field));
            Assert.That(message.Text, Is.EqualTo(body));
        });
    }

    [Test]
    public void a_truncated_raw_message_is_refused()
        => Assert.Throws<FormatException>(() => RawHttpMessage.Parse("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"u8));

    [Test]
    public async Task the_raw_client_talks_to_a_socket()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answer = RawHttp.SendAsync(((IPEndPoint)listener.LocalEndpoint).Port, RawHttp.Request("/as2", [new("AS2-From", "a")], "hi"u8));
        using var socket = await listener.AcceptSocketAsync();
        var buffer = new byte[1024];
        var count = await socket.ReceiveAsync(buffer);
        await socket.SendAsync("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        Assert.Multiple(async () =>
        {
            Assert.That(RawHttpMessage.Parse(buffer.AsSpan(0, count)).Text, Is.EqualTo("hi"));
            Assert.That((await answer).Status, Is.EqualTo(204));
        });
    }

    [Test]
    public async Task openssl_accepts_the_test_keys()
    {
        using var folder = new TempFolder();
        foreach (var key in new[] { TestKeys.Rsa("alice"), TestKeys.Ec("alice") })
        {
            var (certificate, secret) = TestKeys.WritePem(key, folder, "alice");
            var ofCertificate = await Openssl.RunAsync(default, "x509", "-in", certificate, "-noout", "-pubkey");
            var ofKey = await Openssl.RunAsync(default, "pkey", "-in", secret, "-pubout");
            Assert.That(ofKey, Is.EqualTo(ofCertificate));
        }
    }

    [Test]
    public async Task a_failing_program_reports_its_words()
    {
        var result = await Openssl.TryAsync("nonsense"u8.ToArray(), "x509", "-noout");
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.Not.Zero);
            Assert.That(result.Error, Is.Not.Empty);
        });
    }

    [Test]
    public void a_key_is_made_once()
    {
        var first = TestKeys.Rsa("once");
        Assert.That(TestKeys.Rsa("once"), Is.SameAs(first));
    }

    private sealed class Collector : IOctetSink
    {
        private readonly MemoryStream _octets = new();

        public byte[] Octets => _octets.ToArray();

        public void Push(ReadOnlySpan<byte> octets) => _octets.Write(octets);
    }
}
