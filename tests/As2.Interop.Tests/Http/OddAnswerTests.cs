using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Transmission;

namespace As2.Interop.Tests.Http;

/// <summary>What servers answer to a post, octet for octet, and what becomes of it: the readable is read, nothing else hangs or grows.</summary>
public sealed class OddAnswerTests
{
    private HttpTransport _transport = null!;

    [SetUp]
    public void Open() => _transport = new HttpTransport();

    [TearDown]
    public void Close() => _transport.Dispose();

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", TestName = "length")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", TestName = "chunked")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4 \r\nbody\r\n0\r\n\r\n", TestName = "blank_after_a_chunk_size")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;name=value\r\nbody\r\n0\r\nTrailer: x\r\n\r\n", TestName = "chunk_extension_and_trailer")]
    [TestCase("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbody", TestName = "until_the_connection_closes")]
    [TestCase("HTTP/1.0 200 OK\r\n\r\nbody", TestName = "version_1_0_until_the_connection_closes")]
    [TestCase("HTTP/1.1 200 OK\nContent-Length: 4\n\nbody", TestName = "bare_line_feeds")]
    [TestCase("HTTP/1.1 200\r\nContent-Length: 4\r\n\r\nbody", TestName = "no_reason_phrase")]
    [TestCase("HTTP/1.1 200 \"all's well\"\r\nContent-Length: 4\r\n\r\nbody", TestName = "a_quoted_reason_phrase")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 0004\r\n\r\nbody", TestName = "length_with_zeros")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody", TestName = "the_same_length_twice")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", TestName = "length_and_chunked")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length : 4\r\n\r\nbody", TestName = "blank_before_the_colon")]
    [TestCase("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", TestName = "continue_first")]
    [TestCase("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", TestName = "processing_first")]
    public async Task an_answer_is_read(string answer)
    {
        using var server = new RawServer(answer);
        var outcome = await PostAsync(server);
        Assert.That((outcome.StatusCode, Encoding.ASCII.GetString(outcome.Body.Span)), Is.EqualTo(((int?)200, "body")), outcome.Failure);
    }

    [TestCase("Content-Type: multipart/report; report-type=disposition-notification;\r\n\tboundary=\"b\"", TestName = "folded_with_a_tab")]
    [TestCase("Content-Type: multipart/report; report-type=disposition-notification;\r\n  boundary=\"b\"", TestName = "folded_with_blanks")]
    public async Task a_folded_field_is_one_value(string field)
    {
        using var server = new RawServer($"HTTP/1.1 200 OK\r\n{field}\r\nContent-Length: 0\r\n\r\n");
        var type = (await PostAsync(server)).Headers["Content-Type"];
        Assert.That(type, Does.StartWith("multipart/report;").And.Contain("boundary=\"b\"").And.Not.Contain("\n"));
    }

    [TestCase("", "the connection ended before the answer was whole", TestName = "nothing")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Le", "the connection ended before the answer was whole", TestName = "half_a_head")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody", "the connection", TestName = "half_a_body")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n", "the connection", TestName = "half_of_the_chunks")]
    [TestCase("SSH-2.0-OpenSSH_9.2\r\n", "", TestName = "another_protocol")]
    [TestCase("HTTP/1.1 99999 ??\r\n\r\n", "", TestName = "a_status_that_is_none")]
    public async Task a_broken_answer_is_none(string answer, string reason)
    {
        using var server = new RawServer(answer);
        var outcome = await PostAsync(server);
        Assert.That((outcome.StatusCode, outcome.NeedsMending, outcome.IsSuccess), Is.EqualTo(((int?)null, false, false)));
        Assert.That(outcome.Failure, Is.Not.Empty.And.StartsWith(reason));
    }

    [TestCase("HTTP/1.1 200 OK\r\n\r\n", "body octets", 1 << 20, TestName = "a_body_without_end_is_cut")]
    [TestCase("HTTP/1.1 200 OK\r\n", "X-Field: value\r\n", 0, TestName = "a_head_without_end_is_refused")]
    [TestCase("HTTP/1.1 200 OK\r\nX-Field: ", "value ", 0, TestName = "a_field_without_end_is_refused")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;", "extension", 0, TestName = "a_chunk_extension_without_end_is_refused")]
    public async Task an_answer_without_end_is_left(string start, string more, int taken)
    {
        using var server = new RawServer(start, more);
        var outcome = await PostAsync(server);
        Assert.That(outcome.Body.Length, Is.InRange(taken, taken + (16 << 10)));
        Assert.That(outcome.IsSuccess, Is.EqualTo(taken > 0), outcome.Failure);
        Assert.That(await server.Sent, Is.LessThan(32 << 20), "sent until the connection was closed");
    }

    [Test]
    public async Task an_answer_before_the_body_is_heard_where_the_server_takes_the_rest()
    {
        using var server = new RawServer("HTTP/1.1 413 Too large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", reads: Reads.HeadThenRest);
        var outcome = await PostAsync(server, length: 16 << 20);
        Assert.That(outcome.StatusCode, Is.EqualTo(413), outcome.Failure);
    }

    [Test]
    public async Task a_server_that_closes_on_the_body_broke_the_connection()
    {
        using var server = new RawServer("", reads: Reads.Head);
        var outcome = await PostAsync(server, length: 64 << 20);
        Assert.That(outcome.StatusCode, Is.Null);
        Assert.That(outcome.Failure, Does.StartWith("the connection broke while the body was sent"));
    }

    [Test]
    public async Task a_server_that_takes_nothing_of_the_body_is_left_after_the_idle_time()
    {
        using var server = new RawServer(null, reads: Reads.Head);
        var outcome = await PostAsync(server, length: 64 << 20, idle: TimeSpan.FromMilliseconds(300));
        Assert.That(outcome.StatusCode, Is.Null);
        Assert.That(outcome.Failure, Does.StartWith("the server took nothing").And.Contain($"of {64 << 20} octets"));
    }

    [Test]
    public async Task a_body_that_moves_has_more_time_than_the_answer()
    {
        var answerTimeout = TimeSpan.FromMilliseconds(400);
        using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
        var started = Stopwatch.GetTimestamp();
        var outcome = await PostAsync(server, length: 4 << 10, answerTimeout: answerTimeout, pace: TimeSpan.FromMilliseconds(300));
        Assert.That(outcome.StatusCode, Is.EqualTo(200), outcome.Failure);
        Assert.That(Stopwatch.GetElapsedTime(started), Is.GreaterThan(answerTimeout));
    }

    [Test]
    public async Task a_server_that_takes_the_body_and_says_nothing_is_left_after_the_time_for_the_answer()
    {
        using var server = new RawServer(null);
        var outcome = await PostAsync(server, answerTimeout: TimeSpan.FromMilliseconds(300));
        Assert.That((outcome.StatusCode, outcome.Failure), Is.EqualTo(((int?)null, "no answer within 0 s")));
    }

    private ValueTask<PostOutcome> PostAsync(RawServer server, int length = 4, TimeSpan? idle = null, TimeSpan? answerTimeout = null, TimeSpan? pace = null)
        => _transport.PostAsync(
            new HttpPost
            {
                Address = server.Address,
                Headers = new HeaderFields { { "AS2-From", "alice" } },
                Length = length,
                OpenBody = _ => new(new PacedBody(length, pace ?? TimeSpan.Zero)),
                Connection = new HttpConnection(new ConnectionAgreement { SendIdleTimeout = idle ?? TimeSpan.FromSeconds(30) }, null, []),
                Timeout = answerTimeout ?? TimeSpan.FromSeconds(30),
            },
            default);

    /// <summary>Zeros, in blocks of at most 1 KiB where there is a pause before each.</summary>
    private sealed class PacedBody(int length, TimeSpan pace) : MemoryStream(new byte[length])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (pace > TimeSpan.Zero)
            {
                await Task.Delay(pace, cancellationToken);
                buffer = buffer[..Math.Min(buffer.Length, 1 << 10)];
            }
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    private enum Reads
    {
        Head,
        HeadThenRest,
        Whole,
    }

    /// <summary>Takes one request and answers with exactly these octets, then, where there are more, with those until it is cut off.</summary>
    private sealed class RawServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();

        public RawServer(string? answer, string? more = null, Reads reads = Reads.Whole)
        {
            _listener.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/as2");
            Sent = ServeAsync(answer, more, reads);
        }

        public Uri Address { get; }

        public Task<long> Sent { get; }

        public void Dispose()
        {
            _stop.Cancel();
            _listener.Dispose();
            _stop.Dispose();
        }

        private async Task<long> ServeAsync(string? answer, string? more, Reads reads)
        {
            try
            {
                using var socket = await _listener.AcceptSocketAsync(_stop.Token);
                await ReadAsync(socket, reads);
                if (answer is null)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                await socket.SendAsync(Encoding.Latin1.GetBytes(answer!), _stop.Token);
                var sent = more is null ? 0 : await SendForEverAsync(socket, more);
                socket.Shutdown(SocketShutdown.Send);
                if (reads == Reads.HeadThenRest)
                    await DrainAsync(socket);
                return sent;
            }
            catch (OperationCanceledException)
            {
                return 0;
            }
        }

        private async Task ReadAsync(Socket socket, Reads reads)
        {
            var got = new StringBuilder();
            var block = new byte[4096];
            while (!IsEnough(got.ToString(), reads))
            {
                var read = await socket.ReceiveAsync(block, _stop.Token);
                if (read == 0)
                    return;
                got.Append(Encoding.Latin1.GetString(block, 0, read));
            }
        }

        private async Task DrainAsync(Socket socket)
        {
            var block = new byte[64 << 10];
            while (await socket.ReceiveAsync(block, _stop.Token) > 0)
            {
            }
        }

        private static bool IsEnough(string got, Reads reads)
        {
            var head = got.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            return head > 0 && (reads != Reads.Whole || got.Length - head - 4 >= Length(got[..head]));
        }

        private static int Length(string head)
            => int.Parse(head.Split("\r\n").First(line => line.StartsWith("Content-Length:", StringComparison.Ordinal))[15..], System.Globalization.CultureInfo.InvariantCulture);

        private async Task<long> SendForEverAsync(Socket socket, string more)
        {
            var block = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(more, 1000)));
            long sent = 0;
            try
            {
                while (true)
                    sent += await socket.SendAsync(block, _stop.Token);
            }
            catch (SocketException)
            {
                return sent;
            }
        }
    }
}
