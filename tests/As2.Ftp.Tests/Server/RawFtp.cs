using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using As2.Testing;

namespace As2.Ftp.Tests.Server;

/// <summary>An FTP client that says exactly what a test wants.</summary>
public sealed class RawFtp : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private Stream _stream;

    private RawFtp(TcpClient tcp) => (_tcp, _stream) = (tcp, tcp.GetStream());

    public static async Task<RawFtp> ConnectAsync(TestServer server)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, server.Port);
        return new RawFtp(tcp);
    }

    /// <summary>Greeted, over TLS, signed in, PROT P.</summary>
    public static async Task<RawFtp> SignInAsync(TestServer server)
    {
        var raw = await ConnectAsync(server);
        await raw.ExpectAsync(220);
        await raw.AuthAsync();
        await raw.SendAsync("USER acme", 331);
        await raw.SendAsync($"PASS {TestServer.Password}", 230);
        await raw.SendAsync("PBSZ 0", 200);
        await raw.SendAsync("PROT P", 200);
        return raw;
    }

    public async Task AuthAsync()
    {
        await SendAsync("AUTH TLS", 234);
        await SecureAsync();
    }

    public async Task SecureAsync(X509Certificate2? own = null) => _stream = await SecureAsync(_stream, own);

    /// <summary>Sends a line and expects the code of its reply. Gives the reply.</summary>
    public async Task<string> SendAsync(string line, int code)
    {
        await WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
        return await ExpectAsync(code);
    }

    public async Task WriteAsync(byte[] octets)
    {
        await _stream.WriteAsync(octets);
        await _stream.FlushAsync();
    }

    public async Task<string> ExpectAsync(int code)
    {
        var reply = await ReadReplyAsync();
        Assert.That(reply, Does.StartWith($"{code}"));
        return reply;
    }

    /// <summary>A whole reply; "" when the server closed.</summary>
    public async Task<string> ReadReplyAsync()
    {
        var reply = "";
        string line;
        do
        {
            line = await ReadLineAsync();
            reply += line + "\n";
        }
        while (line.Length > 3 && (line[3] == '-' || !char.IsAsciiDigit(line[0])));
        return reply.TrimEnd('\n');
    }

    /// <summary>EPSV and a connection to that port.</summary>
    public async Task<TcpClient> OpenDataAsync()
    {
        var data = new TcpClient();
        await data.ConnectAsync(IPAddress.Loopback, await OpenPassiveAsync());
        return data;
    }

    public async Task<int> OpenPassiveAsync() => int.Parse((await SendAsync("EPSV", 229)).Split('|')[3]);

    public static async Task<SslStream> SecureAsync(Stream inner, X509Certificate2? own = null)
    {
        var secure = new SslStream(inner);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificates = own is null ? null : [own],
            AllowTlsResume = own is null,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetCertHashString() == TestKeys.Rsa("ftp server").Certificate.GetCertHashString(),
        });
        return secure;
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReadLineAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var line = new List<byte>();
        var one = new byte[1];
        while (await _stream.ReadAsync(one, limit.Token) > 0)
        {
            if (one[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
        return "";
    }
}
