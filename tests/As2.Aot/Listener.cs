using System.Net;
using System.Net.Sockets;
using As2.Headers;

namespace As2.Aot;

/// <summary>The smallest host: the platform's HTTP listener in front of the engine.</summary>
internal sealed class Listener : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly As2Receiver _receiver;

    public Listener(As2Receiver receiver)
    {
        _receiver = receiver;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/as2/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is ObjectDisposedException or HttpListenerException)
            {
                // Closed.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var fields = new HeaderFields();
        foreach (var name in context.Request.Headers.AllKeys)
            fields.Add(name!, context.Request.Headers[name]!);
        var result = await _receiver.ReceiveAsync(
            new As2Request { Headers = fields, Body = context.Request.InputStream, ContentLength = context.Request.ContentLength64 is >= 0 and var length ? length : null },
            CancellationToken.None);
        context.Response.StatusCode = result.StatusCode;
        foreach (var (name, value) in result.Headers)
            context.Response.Headers[name] = value;
        context.Response.ContentLength64 = result.Body.Length;
        await context.Response.OutputStream.WriteAsync(result.Body);
        context.Response.Close();
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
