using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace As2.Ftp.Server.Connections;

/// <summary>One port that waits for one data connection from one address, for a short time.</summary>
internal sealed class PassiveListener : IDisposable
{
    private readonly Socket _socket;
    private readonly DateTimeOffset _until;
    private readonly TimeProvider _clock;

    private PassiveListener(Socket socket, TimeSpan window, TimeProvider clock)
        => (_socket, _until, _clock) = (socket, clock.GetUtcNow() + window, clock);

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Called with the address of a stranger who connected.</summary>
    public Action<IPAddress>? Stranger { get; init; }

    /// <summary>Opens a port of the range in an order that cannot be foreseen; null: all are taken.</summary>
    public static PassiveListener? Open(IPAddress address, FtpServerOptions options, TimeProvider clock, Action<IPAddress> stranger)
    {
        var count = options.LastPassivePort - options.FirstPassivePort + 1;
        var first = RandomNumberGenerator.GetInt32(count);
        for (var i = 0; i < count; i++)
        {
            var port = options.FirstPassivePort + (first + i) % count;
            if (TryListen(new IPEndPoint(address, port)) is { } socket)
                return new PassiveListener(socket, options.Limits.DataConnectionWindow, clock) { Stranger = stranger };
        }
        return null;
    }

    /// <summary>The data connection; null when none came from the control connection's address in time.</summary>
    public async Task<Socket?> AcceptAsync(IPAddress peer, CancellationToken cancellationToken)
    {
        var left = _until - _clock.GetUtcNow();
        using var timer = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            while (true)
            {
                var data = await _socket.AcceptAsync(both.Token).ConfigureAwait(false);
                var address = ((IPEndPoint)data.RemoteEndPoint!).Address;
                if (Plain(address).Equals(Plain(peer)))
                    return data;
                data.Dispose();
                Stranger?.Invoke(address);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            Dispose();
        }
    }

    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    public void Dispose() => _socket.Dispose();

    private static Socket? TryListen(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(4);
            return socket;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return null;
        }
    }
}
