using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace As2.Gateway.Tests.Operations;

/// <summary>A mail server on a real socket (RFC 5321) that keeps what it is given. It refuses the first mails when told so.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _refusals;

    public SmtpSink(int refusals = 0)
    {
        _refusals = refusals;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The mails as they came, header and text.</summary>
    public ConcurrentQueue<string> Mails { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // The test ends.
        }
    }

    private async Task ServeAsync(NetworkStream wire)
    {
        using var reader = new StreamReader(wire, Encoding.UTF8);
        async Task SayAsync(string line) => await wire.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);
        await SayAsync("220 sink");
        while (await reader.ReadLineAsync(_stop.Token) is { } command)
        {
            switch (command.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO" or "HELO":
                    await SayAsync("250 sink");
                    break;
                case "MAIL" when Interlocked.Decrement(ref _refusals) >= 0:
                    await SayAsync("451 try again later");
                    break;
                case "DATA":
                    await SayAsync("354 go on");
                    var mail = new StringBuilder();
                    while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
                        mail.Append(line).Append('\n');
                    Mails.Enqueue(mail.ToString());
                    await SayAsync("250 taken");
                    break;
                case "QUIT":
                    await SayAsync("221 bye");
                    return;
                default:
                    await SayAsync("250 ok");
                    break;
            }
        }
    }
}
