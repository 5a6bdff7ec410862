using System.Buffers;
using System.Text;
using As2.AspNetCore.Legacy;
using As2.Testing;

namespace As2.AspNetCore.Tests.Legacy;

/// <summary>What old senders write and what Kestrel gets to read, however the octets come.</summary>
[TestFixtureSource(typeof(PushManner), nameof(PushManner.All))]
public sealed class HttpNormaliserTests(PushManner manner)
{
    private const string Head = "POST /as2 HTTP/1.1\r\nHost: x\r\n";

    [TestCase("X: a\r\n b\r\n", "X: a  b\r\n", Description = "folded")]
    [TestCase("X: a\r\n\tb\r\n  c\r\nY: d\r\n", "X: a \tb   c\r\nY: d\r\n", Description = "folded twice")]
    [TestCase("X: a\nY: b\n", "X: a\r\nY: b\r\n", Description = "bare LF")]
    [TestCase("X: a\n b\n", "X: a  b\r\n", Description = "bare LF, folded")]
    [TestCase("X: M\u00fcller\r\n", "X: M\u00c3\u00bcller\r\n", Description = "Latin-1 becomes UTF-8")]
    [TestCase("X: M\u00c3\u00bcller\r\n", "X: M\u00c3\u00bcller\r\n", Description = "UTF-8 stays")]
    [TestCase("Content-Length: 003\r\n", "Content-Length: 003\r\n", "abc", "abc", Description = "zeros before")]
    [TestCase("Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length: 3\r\n", "abc", "abc", Description = "the same length twice")]
    [TestCase("Content-Length: 3\r\nX: y\r\ncontent-length:  03 \r\n", "Content-Length: 3\r\nX: y\r\n", "abc", "abc")]
    [TestCase("Transfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\n", "3 \r\nabc\r\n0 \r\n\r\n", "3\r\nabc\r\n0\r\n\r\n", Description = "blanks after a chunk size")]
    [TestCase("Transfer-Encoding: Chunked\r\n", "Transfer-Encoding: Chunked\r\n", "00A;\r\n0123456789\r\n0;x=\"y\"\r\nTrailer: z\r\n\r\n", "a\r\n0123456789\r\n0\r\n\r\n", Description = "extensions and trailers")]
    public void is_written_as_the_standard_wants_it(string fields, string wanted, string body = "", string wantedBody = "")
    {
        const string Next = "POST /next HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n\n:";
        Assert.That(Normalised(Head + fields + "\r\n" + body + Next), Is.EqualTo(Head + wanted + "\r\n" + wantedBody + Next), "the request after it is untouched");
    }

    [Test]
    public void bodies_are_not_touched()
    {
        var body = string.Concat(Enumerable.Range(0, 5000).Select(i => (char)(i * 7 % 256))) + "\n \r\n\tx\r\r\n";
        var request = $"{Head}Content-Length: {body.Length}\r\n\r\n{body}";
        Assert.That(Normalised(request + request), Is.EqualTo(request + request));
        var chunked = $"{Head}Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n";
        Assert.That(Normalised(chunked + request), Is.EqualTo(chunked + request));
    }

    [TestCase("Content-Length: 3\r\nContent-Length: 4\r\n")]
    [TestCase("Content-Length: 3, 3\r\n")]
    [TestCase("Content-Length: +3\r\n")]
    [TestCase("Content-Length: -3\r\n")]
    [TestCase("Content-Length: 0x3\r\n")]
    [TestCase("Content-Length:\r\n")]
    [TestCase("Content-Length: 3\r\n 4\r\n", Description = "a length in two lines")]
    [TestCase("Content-Length : 3\r\n")]
    [TestCase("Content-Length\u000b: 3\r\n")]
    [TestCase("Content-Length: 99999999999999999999\r\n")]
    [TestCase("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")]
    [TestCase("Transfer-Encoding: chunked, identity\r\n")]
    [TestCase("Transfer-Encoding: identity\r\n")]
    [TestCase("Transfer-Encoding: xchunked\r\n")]
    [TestCase("Transfer-Encoding:\u000bchunked\r\n")]
    [TestCase("Transfer-Encoding\t: chunked\r\n")]
    [TestCase("X: a\rTransfer-Encoding: chunked\r\n")]
    [TestCase("X: a\0b\r\n")]
    [TestCase("X\r\n")]
    [TestCase(": x\r\n")]
    [TestCase("Upgrade: h2c\r\n")]
    public void fields_that_leave_the_end_of_the_body_open_are_refused(string fields)
        => Assert.That(Normalised(Head + fields + "\r\nabcGET / HTTP/1.1\r\n\r\n"), Does.Contain("no\0line").And.Not.Contain("GET"));

    [TestCase("3\nabc\r\n0\r\n\r\n", Description = "a bare LF after a chunk size")]
    [TestCase("3;x\nabc\r\n0\r\n\r\n")]
    [TestCase("3;x\rabc\r\n0\r\n\r\n")]
    [TestCase("-3\r\nabc\r\n")]
    [TestCase("+3\r\nabc\r\n")]
    [TestCase("0x3\r\nabc\r\n")]
    [TestCase(" 3\r\nabc\r\n")]
    [TestCase("3 3\r\nabc\r\n")]
    [TestCase("\r\n3\r\nabc\r\n")]
    [TestCase("ffffffffffffffff\r\nabc\r\n")]
    [TestCase("10000000000000003\r\nabc\r\n")]
    public void a_chunk_size_open_to_doubt_is_refused(string chunks)
        => Assert.That(Normalised($"{Head}Transfer-Encoding: chunked\r\n\r\n{chunks}GET / HTTP/1.1\r\n\r\n"), Does.EndWith("\r\n\r\nno\0line\r\n\r\n"));

    [TestCase("3\r\nabcd\r\n0\r\n\r\n")]
    [TestCase("3\r\nabc\n0\r\n\r\n")]
    [TestCase("3\r\nabc0\r\n\r\n")]
    public void a_chunk_without_its_end_is_refused(string chunks)
        => Assert.That(Normalised($"{Head}Transfer-Encoding: chunked\r\n\r\n{chunks}GET / HTTP/1.1\r\n\r\n"), Does.EndWith("3\r\nabcno end\r\n"));

    [TestCase("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [TestCase("CONNECT other:80 HTTP/1.1\r\n\r\n")]
    [TestCase("GET /\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\n folded: x\r\n\r\n", Description = "a fold after the request line")]
    [TestCase("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public void what_is_no_request_of_http_1_is_refused(string request)
        => Assert.That(Normalised(request), Does.Contain("no\0line"));

    [Test]
    public void a_line_without_end_is_handed_on_when_it_is_too_long_for_any_reader()
    {
        var output = new ArrayBufferWriter<byte>();
        var normaliser = new HttpNormaliser(output);
        foreach (var block in manner.Slice(Encoding.Latin1.GetBytes(Head + "X: " + new string('x', 50_000))))
            normaliser.Push(block.Span);
        Assert.That((normaliser.HasRefused, output.WrittenCount), Is.EqualTo((true, output.WrittenCount)));
        Assert.That(output.WrittenCount, Is.GreaterThan(40_000));
    }

    private string Normalised(string octets)
    {
        var output = new ArrayBufferWriter<byte>();
        var normaliser = new HttpNormaliser(output);
        foreach (var block in manner.Slice(Encoding.Latin1.GetBytes(octets)))
            normaliser.Push(block.Span);
        normaliser.End();
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
