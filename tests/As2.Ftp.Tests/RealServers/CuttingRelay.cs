using System.Net;
using System.Net.Sockets;

namespace As2.Ftp.Tests.RealServers;

/// <summary>Where a <see cref="CuttingRelay"/> cuts.</summary>
public enum CutAt
{
    /// <summary>The command is lost.</summary>
    Command,

    /// <summary>The command arrives, its answer is lost.</summary>
    Answer,
}

/// <summary>
/// A way to a server that ends at one of the things that the client says. Data connections of FTP go past it; SFTP is one connection.
/// </summary>
public sealed class CuttingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _cut = new();
    private readonly Task _relaying;
    private int _said;

    /// <param name="target">The server's port.</param>
    /// <param name="at">Which of the client's writes, from 0.</param>
    /// <param name="where">Before it, or after it.</param>
    public CuttingRelay(int target, int at, CutAt where)
    {
        _listener.Start();
        _relaying = RelayAsync(target, at, where);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often the client said something.</summary>
    public int Said => _said;

    /// <summary>Stands still in place of cutting: what is said is not heard, and the connection stays.</summary>
    public bool Stalls { get; init; }

    /// <summary>False: the client said less than that.</summary>
    public bool HasCut { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        _listener.Dispose();
        await _relaying;
        _cut.Dispose();
    }

    private async Task RelayAsync(int target, int at, CutAt where)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_cut.Token), target, at, where));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(TcpClient client, int target, int at, CutAt where)
    {
        using (client)
        {
            // The server's side ends first: it must not depend on chance which of the two hears of the cut before the other.
            using var server = new TcpClient { NoDelay = true };
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, _cut.Token);
                client.NoDelay = true;
                await Task.WhenAny(ForwardAsync(client, server, at, where), AnswerAsync(server, client));
            }
            catch (Exception end) when (end is SocketException or OperationCanceledException)
            {
                // The connections end with this method.
            }
        }
    }

    private async Task ForwardAsync(TcpClient client, TcpClient server, int at, CutAt where)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await client.GetStream().ReadAsync(buffer, _cut.Token) is > 0 and var read)
            {
                HasCut |= Interlocked.Increment(ref _said) > at;
                if (HasCut && Stalls)
                    await Task.Delay(Timeout.Infinite, _cut.Token);
                if (HasCut && where == CutAt.Command)
                    return;
                await server.GetStream().WriteAsync(buffer.AsMemory(0, read), _cut.Token);
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction ended first.
        }
    }

    private async Task AnswerAsync(TcpClient server, TcpClient client)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await server.GetStream().ReadAsync(buffer, _cut.Token) is > 0 and var read && !HasCut)
                await client.GetStream().WriteAsync(buffer.AsMemory(0, read), _cut.Token);
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction ended first.
        }
    }
}
