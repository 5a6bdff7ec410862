using System.Globalization;
using System.Text;

namespace As2.Benchmarks.Load;

/// <summary>
/// Signed and encrypted messages, made before the measurement, each with content of its own. When all have been sent they go again
/// under new Message-IDs: the same work for the receiver.
/// </summary>
internal sealed class LoadMessages
{
    private const long MaxBytes = 512L << 20;

    private readonly Message[] _messages;
    private readonly byte[] _head;
    private long _sent;

    public LoadMessages(LoadOptions options, double wanted, string path = "/as2")
    {
        _messages = new Message[(int)Math.Min(wanted, MaxBytes / options.Size)];
        Parallel.For(0, _messages.Length, i => _messages[i] = new Message(options.Size));
        _head = Encoding.ASCII.GetBytes(Head(_messages[0], path));
    }

    /// <summary>How many different ones there are.</summary>
    public int Count => _messages.Length;

    /// <summary>Writes the next request, and gives its length.</summary>
    public int WriteNext(byte[] request)
    {
        var number = Interlocked.Increment(ref _sent);
        var body = _messages[number % _messages.Length].Packed;
        _head.CopyTo(request, 0);
        var length = _head.Length;
        length += Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"Message-ID: <{number}.{Environment.ProcessId}@alice.example>\r\nContent-Length: {body.Length}\r\n\r\n"),
            request.AsSpan(length));
        body.CopyTo(request.AsSpan(length));
        return length + body.Length;
    }

    private static string Head(Message message, string path)
    {
        var head = new StringBuilder($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAS2-Version: 1.2\r\nAS2-From: alice\r\nAS2-To: bob\r\nMIME-Version: 1.0\r\n");
        head.Append("Disposition-Notification-To: alice\r\nDisposition-Notification-Options: ");
        head.Append("signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, sha-256\r\n");
        foreach (var (name, value) in message.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return head.ToString();
    }
}
