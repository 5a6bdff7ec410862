using System.Net;
using System.Net.Sockets;
using System.Text;

namespace As2.Testing;

/// <summary>An HTTP client of nothing but a socket: sends exactly the octets it is given, whole or in part. Loopback only.</summary>
public sealed class RawHttp : IAsyncDisposable
{
    private readonly Socket _socket;

    private RawHttp(Socket socket) => _socket = socket;

    /// <summary>Opens a connection.</summary>
    /// <param name="port">The port.</param>
    /// <param name="from">The address it comes from, one of 127.0.0.0/8; null: 127.0.0.1.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<RawHttp> ConnectAsync(int port, IPAddress? from = null, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken).ConfigureAwait(false);
        return new RawHttp(socket);
    }

    /// <summary>One request on a connection of its own, and its answer.</summary>
    public static async Task<RawHttpMessage> SendAsync(int port, ReadOnlyMemory<byte> request, IPAddress? from = null, CancellationToken cancellationToken = default)
    {
        await using var connection = await ConnectAsync(port, from, cancellationToken).ConfigureAwait(false);
        await connection.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        return await connection.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One HEAD request and its answer, which has a length but no body; the connection must end after it.</summary>
    public static async Task<RawHttpMessage> HeadAsync(int port, ReadOnlyMemory<byte> request, CancellationToken cancellationToken = default)
    {
        await using var connection = await ConnectAsync(port, cancellationToken: cancellationToken).ConfigureAwait(false);
        await connection.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        var (received, block) = (new MemoryStream(), new byte[4096]);
        while (await connection._socket.ReceiveAsync(block, SocketFlags.None, cancellationToken).AsTask().WaitAsync(Command.Limit, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            received.Write(block, 0, count);
        var text = Encoding.Latin1.GetString(received.ToArray());
        var length = text.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        var message = RawHttpMessage.Parse(Encoding.Latin1.GetBytes(length is null ? text : text.Replace(length, "Content-Length: 0", StringComparison.Ordinal)));
        var headers = new As2.Headers.HeaderFields();
        foreach (var (name, value) in message.Headers)
            headers.Add(name, name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && length is not null ? length.Split(':')[1].Trim() : value);
        return message with { Headers = headers };
    }

    /// <summary>The octets of a request with the given fields; with our own Host and Content-Length.</summary>
    public static byte[] Request(string path, IEnumerable<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body)
    {
        var head = new StringBuilder($"POST {path} HTTP/1.1\r\nHost: localhost\r\n");
        foreach (var (name, value) in headers.Where(field => !IsFraming(field.Key)))
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        head.Append("Content-Length: ").Append(body.Length).Append("\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. body];
    }

    /// <summary>Sends octets.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken = default)
    {
        while (octets.Length > 0)
            octets = octets[await _socket.SendAsync(octets, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
    }

    /// <summary>Says that nothing more is sent; answers can still be read.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Cuts the connection with a reset, as a crash does.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Reads one answer.</summary>
    /// <exception cref="FormatException">The connection ended before the answer was whole.</exception>
    public async Task<RawHttpMessage> ReadAsync(CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Command.Limit);
        var received = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await _socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token).ConfigureAwait(false) is > 0 and var count)
        {
            received.Write(buffer, 0, count);
            if (RawHttpMessage.TryParse(received.GetBuffer().AsSpan(0, (int)received.Length), atEnd: false, out var message))
                return message;
        }
        return RawHttpMessage.Parse(received.ToArray());
    }

    /// <summary>Everything that comes until it is enough, or until the other side closes or resets the connection.</summary>
    public async Task<byte[]> ReadUntilAsync(Func<string, bool> isEnough, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Command.Limit);
        var received = new MemoryStream();
        var buffer = new byte[16 << 10];
        try
        {
            while (!isEnough(Encoding.Latin1.GetString(received.ToArray())) && await _socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token).ConfigureAwait(false) is > 0 and var count)
                received.Write(buffer, 0, count);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // What came before counts.
        }
        return received.ToArray();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsFraming(string name)
        => name.Equals("Host", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase);
}
