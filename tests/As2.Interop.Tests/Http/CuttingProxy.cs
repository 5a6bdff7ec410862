using System.Net;
using System.Net.Sockets;

namespace As2.Interop.Tests.Http;

/// <summary>A wire between two ports that breaks: each connection passes so many octets toward the server, and is then reset.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<long> _passed = [];
    private readonly int _target;
    private readonly Task _accepting;

    public CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>After how many octets the next connections break. Default: never.</summary>
    public long CutAfter { get; set; } = long.MaxValue;

    /// <summary>How many octets went toward the server on each connection.</summary>
    public IReadOnlyList<long> Passed
    {
        get
        {
            lock (_passed)
                return [.. _passed];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true)
                running.Add(PassAsync(await _listener.AcceptSocketAsync(_stop.Token), CutAfter));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task PassAsync(Socket client, long cutAfter)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        int index;
        lock (_passed)
        {
            index = _passed.Count;
            _passed.Add(0);
        }
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            var back = CopyAsync(server, client, long.MaxValue, _ => { });
            await CopyAsync(client, server, cutAfter, n =>
            {
                lock (_passed)
                    _passed[index] += n;
            });
            client.LingerState = new LingerOption(true, 0);
            client.Close();
            server.Shutdown(SocketShutdown.Send);
            await back;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            client.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to, long most, Action<int> count)
    {
        var block = new byte[16 << 10];
        while (most > 0 && await from.ReceiveAsync(block.AsMemory(0, (int)Math.Min(block.Length, most)), _stop.Token) is > 0 and var read)
        {
            for (var sent = 0; sent < read;)
                sent += await to.SendAsync(block.AsMemory(sent, read - sent), _stop.Token);
            most -= read;
            count(read);
        }
    }
}
