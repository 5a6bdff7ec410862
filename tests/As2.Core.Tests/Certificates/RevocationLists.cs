using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace As2.Core.Tests.Certificates;

/// <summary>An issuer's revocation list on loopback; what the system's cache kept of it is removed afterwards.</summary>
internal sealed class RevocationLists : IDisposable
{
    private static readonly string s_cache = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "corefx", "cryptography", "crls");

    private readonly HashSet<string> _before = [.. Cached()];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;
    private volatile byte[] _list = [];
    private int _asked;

    public RevocationLists()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}/list.crl";

    public int Asked => Volatile.Read(ref _asked);

    public void Publish(X509Certificate2 issuer, X509Certificate2[] revoked, DateTimeOffset now)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
            list.AddEntry(certificate, now.AddHours(-1));
        _list = list.Build(issuer, 1, now.AddDays(5), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, now.AddHours(-2));
    }

    public void Dispose()
    {
        _listener.Stop();
        _serving.GetAwaiter().GetResult();
        foreach (var file in Cached().Where(f => !_before.Contains(f)))
            File.Delete(file);
    }

    private static string[] Cached() => Directory.Exists(s_cache) ? Directory.GetFiles(s_cache) : [];

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _asked);
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                }
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {_list.Length}\r\nConnection: close\r\n\r\n"));
                await stream.WriteAsync(_list);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test ended.
        }
    }
}
