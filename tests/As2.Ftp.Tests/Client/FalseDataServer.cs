using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using As2.Testing;

namespace As2.Ftp.Tests.Client;

/// <summary>An FTPS server whose control connection is right and whose data connection is not what PROT P promised.</summary>
/// <param name="shown">The certificate of the data connection; null: it is plain.</param>
public sealed class FalseDataServer(X509Certificate2? shown) : IAsyncDisposable
{
    private static readonly X509Certificate2 s_own = TestKeys.Rsa("ftp server").Certificate;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TcpListener _data = new(IPAddress.Loopback, 0);
    private Task? _serving;

    public FtpClientOptions Start()
    {
        _listener.Start();
        _data.Start();
        _serving = ServeAsync();
        return new FtpClientOptions
        {
            Host = "localhost", Port = PortOf(_listener), User = "u", Password = "p",
            Trust = FtpTrust.Authorities(s_own, TestKeys.Rsa("ftp thief").Certificate),
        };
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _data.Dispose();
        try
        {
            await _serving!;
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException)
        {
            // The client closed.
        }
    }

    private async Task ServeAsync()
    {
        using var tcp = await _listener.AcceptTcpClientAsync();
        await SayAsync(tcp.GetStream(), "220 here");
        await tcp.GetStream().ReadExactlyAsync(new byte["AUTH TLS\r\n".Length]);
        await SayAsync(tcp.GetStream(), "234 go");
        await using var control = new SslStream(tcp.GetStream());
        await control.AuthenticateAsServerAsync(s_own);
        using var reader = new StreamReader(control);
        while (await reader.ReadLineAsync() is { } command)
        {
            await SayAsync(control, command.Split(' ')[0] switch
            {
                "USER" => "331 password", "PASS" => "230 in", "FEAT" => "211 none", "EPSV" => $"229 ok (|||{PortOf(_data)}|)",
                "RETR" or "STOR" => "150 here", _ => "200 ok",
            });
            if (command.StartsWith("RETR", StringComparison.Ordinal) || command.StartsWith("STOR", StringComparison.Ordinal))
                await TransferAsync();
        }
    }

    private async Task TransferAsync()
    {
        using var tcp = await _data.AcceptTcpClientAsync();
        Stream data = tcp.GetStream();
        if (shown is not null)
        {
            var secure = new SslStream(data);
            await secure.AuthenticateAsServerAsync(shown);
            data = secure;
        }
        await SayAsync(data, "UNB+UNOA:1'");
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
}
