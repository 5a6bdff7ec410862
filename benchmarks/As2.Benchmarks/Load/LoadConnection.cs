using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace As2.Benchmarks.Load;

/// <summary>
/// One connection that is kept open, used by a thread of its own that waits in the kernel: as little work as can be, for it runs on the
/// cores of the gateway.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[64 << 10];

    public LoadConnection(LoadOptions options) => _request = new byte[options.Size + (16 << 10)];

    public void Connect(int port) => _socket.Connect(IPAddress.Loopback, port);

    /// <summary>Sends one message and reads its answer.</summary>
    public LoadAnswer Post(LoadMessages messages)
    {
        var length = messages.WriteNext(_request);
        for (var sent = 0; sent < length;)
            sent += _socket.Send(_request.AsSpan(sent, length - sent));
        var (received, end) = (0, -1);
        while (end < 0 || received < end)
        {
            var read = _socket.Receive(_answer.AsSpan(received));
            if (read == 0)
                return LoadAnswer.Wrong;
            received += read;
            if (end < 0)
                end = FindEnd(_answer.AsSpan(0, received));
        }
        return Judge(_answer.AsSpan(0, end));
    }

    public void Dispose() => _socket.Dispose();

    private static int FindEnd(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return -1;
        var field = answer[..head].IndexOf("Content-Length: "u8);
        var digits = answer[(field + "Content-Length: ".Length)..];
        return head + 4 + (field < 0 ? 0 : int.Parse(Encoding.ASCII.GetString(digits[..digits.IndexOf((byte)'\r')]), CultureInfo.InvariantCulture));
    }

    /// <summary>A receipt counts when it is signed and positive; the engine's own tests verify what it says.</summary>
    private static LoadAnswer Judge(ReadOnlySpan<byte> answer)
    {
        if (answer.StartsWith("HTTP/1.1 503"u8) && answer.IndexOf("Retry-After: "u8) > 0)
            return LoadAnswer.Refused;
        if (answer.StartsWith("HTTP/1.1 200"u8) && answer.IndexOf("multipart/signed"u8) > 0 && answer.IndexOf("MDN-sent-automatically; processed\r\n"u8) > 0)
            return LoadAnswer.Accepted;
        Console.Error.WriteLine(Encoding.Latin1.GetString(answer));
        return LoadAnswer.Wrong;
    }
}

/// <summary>What came back.</summary>
internal enum LoadAnswer
{
    /// <summary>A positive signed receipt.</summary>
    Accepted,

    /// <summary>503 with Retry-After: come again.</summary>
    Refused,

    /// <summary>Anything else.</summary>
    Wrong,
}
