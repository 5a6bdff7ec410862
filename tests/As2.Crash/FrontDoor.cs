using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace As2.Crash;

/// <summary>A TCP relay before the partners' endpoint, which can be shut, or cut connections in the middle of what passes.</summary>
internal sealed class FrontDoor(int port, int inside) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public int Port => port;

    /// <summary>A connection is reset after so many octets of the request, or null.</summary>
    public int? CutRequestAfter { get; set; }

    /// <summary>A connection is reset after so many octets of the answer, or null.</summary>
    public int? CutAnswerAfter { get; set; }

    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>From now on connections are refused; those that are open are reset.</summary>
    public void Shut()
    {
        _listener?.Dispose();
        ResetAll();
    }

    public void ResetAll()
    {
        foreach (var socket in _open.Keys)
            Reset(socket);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Shut();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = RelayAsync(await listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The door was shut.
        }
    }

    private async Task RelayAsync(Socket outer)
    {
        var inner = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _open[outer] = true;
        try
        {
            await inner.ConnectAsync(IPAddress.Loopback, inside, _stop.Token);
            await Task.WhenAny(PumpAsync(outer, inner, () => CutRequestAfter), PumpAsync(inner, outer, () => CutAnswerAfter));
        }
        catch (SocketException)
        {
            // The partners are gone: the campaign ends.
        }
        _open.TryRemove(outer, out _);
        Reset(outer);
        Reset(inner);
    }

    private async Task PumpAsync(Socket from, Socket to, Func<int?> cutAfter)
    {
        var (block, passed) = (new byte[16 << 10], 0);
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(block, _stop.Token)) > 0)
            {
                var left = cutAfter() is { } limit ? Math.Clamp(limit - passed, 0, count) : count;
                await to.SendAsync(block.AsMemory(0, left), _stop.Token);
                passed += left;
                if (left < count)
                    return;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone; the other goes with it.
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
        socket.Dispose();
    }
}
