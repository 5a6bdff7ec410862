using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace As2.Ftp;

/// <summary>Opens the connections of an account, through its proxy where it has one.</summary>
internal static class FtpDialer
{
    private const int MaxAnswer = 8192;

    /// <summary>Connects to a port of the server.</summary>
    /// <param name="options">The account.</param>
    /// <param name="peer">Where the control connection goes; null for the control connection itself. A proxy is told the host instead.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Socket> OpenAsync(FtpClientOptions options, IPAddress? peer, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (options.Proxy is { } proxy)
            {
                await socket.ConnectAsync(proxy.Host, proxy.Port, cancellationToken).ConfigureAwait(false);
                await using var stream = new NetworkStream(socket, ownsSocket: false);
                await (proxy.Kind == FtpProxyKind.Socks5
                    ? Socks5Async(stream, proxy, options.Host, port, cancellationToken)
                    : HttpConnectAsync(stream, proxy, options.Host, port, cancellationToken)).ConfigureAwait(false);
            }
            else if (peer is not null)
                await socket.ConnectAsync(new IPEndPoint(peer, port), cancellationToken).ConfigureAwait(false);
            else
                await socket.ConnectAsync(options.Host, port, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // CONNECT host:port (RFC 9110 §9.3.6). The answer is read octet by octet: what follows it is the server's.
    private static async Task HttpConnectAsync(NetworkStream stream, FtpProxy proxy, string host, int port, CancellationToken cancellationToken)
    {
        var authority = string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");
        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.User}:{proxy.Password}"));
        var credentials = proxy.User is null ? "" : $"Proxy-Authorization: Basic {secret}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{credentials}\r\n"), cancellationToken).ConfigureAwait(false);
        var answer = new byte[MaxAnswer];
        var length = 0;
        while (!answer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            if (length == MaxAnswer || await stream.ReadAsync(answer.AsMemory(length, 1), cancellationToken).ConfigureAwait(false) == 0)
                throw Refused(proxy, "its answer to CONNECT has no end");
            length++;
        }
        var status = Encoding.ASCII.GetString(answer, 0, answer.AsSpan().IndexOf((byte)'\r')).Split(' ');
        if (status.Length < 2 || !status[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || status[1] is not ['2', _, _])
            throw Refused(proxy, $"it answered {string.Join(' ', status.Skip(1))}");
    }

    // RFC 1928 §3, §4, §6; RFC 1929 §2.
    private static async Task Socks5Async(NetworkStream stream, FtpProxy proxy, string host, int port, CancellationToken cancellationToken)
    {
        const byte Version = 5, NoSecret = 0, WithPassword = 2, Connect = 1, DomainName = 3;
        await stream.WriteAsync((byte[])[Version, 1, proxy.User is null ? NoSecret : WithPassword], cancellationToken).ConfigureAwait(false);
        var method = (await ReadAsync(stream, 2, cancellationToken).ConfigureAwait(false))[1];
        if (method != (proxy.User is null ? NoSecret : WithPassword))
            throw Refused(proxy, "it does not take this way of signing in");
        if (proxy.User is not null)
        {
            await stream.WriteAsync((byte[])[1, .. Counted(proxy.User), .. Counted(proxy.Password ?? "")], cancellationToken).ConfigureAwait(false);
            if ((await ReadAsync(stream, 2, cancellationToken).ConfigureAwait(false))[1] != 0)
                throw Refused(proxy, "user or password is wrong");
        }
        await stream.WriteAsync((byte[])[Version, Connect, 0, DomainName, .. Counted(host), (byte)(port >> 8), (byte)port], cancellationToken).ConfigureAwait(false);
        var head = await ReadAsync(stream, 5, cancellationToken).ConfigureAwait(false);
        if (head[0] != Version || head[1] != 0)
            throw Refused(proxy, $"SOCKS reply {head[1]}");
        // The rest is the address that the proxy uses; nobody asks for it.
        var rest = head[3] switch { 1 => 4 - 1, 4 => 16 - 1, DomainName => head[4], _ => throw Refused(proxy, "its answer has no address") };
        await ReadAsync(stream, rest + 2, cancellationToken).ConfigureAwait(false);
    }

    private static byte[] Counted(string text)
        => Encoding.UTF8.GetBytes(text) is { Length: <= 255 } octets ? [(byte)octets.Length, .. octets] : throw new FtpException(FtpFailure.Refused, "SOCKS carries at most 255 bytes of a name.");

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count, CancellationToken cancellationToken)
    {
        var octets = new byte[count];
        await stream.ReadExactlyAsync(octets, cancellationToken).ConfigureAwait(false);
        return octets;
    }

    private static FtpException Refused(FtpProxy proxy, string why) => new(FtpFailure.Connection, $"The proxy {proxy} refused: {why}.");
}
