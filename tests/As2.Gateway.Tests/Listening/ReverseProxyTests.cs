using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;
using As2.Agreements;
using As2.Certificates;
using As2.Payloads;
using As2.Testing;
using As2.Transmission;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace As2.Gateway.Tests.Listening;

/// <summary>The gateway behind nginx: TLS ended there with the client's address and certificate handed on, and TLS passed through.</summary>
public sealed class ReverseProxyTests
{
    private static As2Certificate Us => TestKeys.Rsa("US");
    private static As2Certificate Them => TestKeys.Rsa("THEM");
    private static As2Certificate Tls => TestKeys.Rsa("the gateway's tls");
    private static As2Certificate Caller => TestKeys.Rsa("THEM's tls");

    [Test]
    public async Task behind_nginx_the_callers_address_and_certificate_count_and_nobody_else_may_claim_them()
    {
        using var data = new TempFolder();
        var (port, front) = (FreePort.TakeRange(3), FreePort.TakeRange(1));
        Write(data, new { TrustedProxies = new[] { "127.0.0.1" }, ProxyCertificateHeader = "X-Client-Certificate" });
        await using var gateway = GatewayProcess.Start(data.Path, port, "run");
        await gateway.SaysAsync("Ctrl+C");
        await using var nginx = await Nginx.StartAsync($$"""
            server {
              listen 127.0.0.1:{{front}} ssl; ssl_certificate {{data["tls.pem"]}}; ssl_certificate_key {{data["tls.pem"]}}; ssl_verify_client optional_no_ca;
              client_max_body_size 0;
              location / {
                proxy_pass http://127.0.0.1:{{port}}; proxy_http_version 1.1; proxy_request_buffering off; proxy_buffering off;
                proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Client-Certificate $ssl_client_escaped_cert;
              }
            }
            """, "", front);

        Assert.That(await SendAsync($"https://127.0.0.1:{front}/as2", "127.0.0.9", Caller), Is.True, "address and certificate as agreed");
        Assert.That(await SendAsync($"https://127.0.0.1:{front}/as2", "127.0.0.9", null), Is.False, "no certificate");
        Assert.That(await SendAsync($"https://127.0.0.1:{front}/as2", "127.0.0.2", Caller), Is.False, "another address");
        Assert.That(await SendAsync($"https://127.0.0.1:{front}/as2", "127.0.0.2", Caller, ("X-Forwarded-For", "127.0.0.9")), Is.False, "a claim that nginx overwrites");
        var claims = new[] { ("X-Forwarded-For", "127.0.0.9"), ("X-Client-Certificate", Uri.EscapeDataString(CertificateFile.ToPem(TestKeys.PublicOf(Caller)))) };
        Assert.That(await SendAsync($"http://127.0.0.1:{port}/as2", "127.0.0.2", null, claims), Is.False, "a claim past nginx");
        Assert.That(await SendAsync($"http://127.0.0.1:{port}/as2", "127.0.0.1", null, claims), Is.True, "the same from the trusted proxy");
    }

    [Test]
    public async Task tls_passed_through_nginx_ends_in_the_gateway()
    {
        using var data = new TempFolder();
        var (port, front) = (FreePort.TakeRange(3), FreePort.TakeRange(1));
        Write(data, new { As2Certificate = "tls.pem" }, addresses: []);
        await using var gateway = GatewayProcess.Start(data.Path, port, "run");
        await gateway.SaysAsync("Ctrl+C");
        await using var nginx = await Nginx.StartAsync("", $"server {{ listen 127.0.0.1:{front}; proxy_pass 127.0.0.1:{port}; }}", front);
        Assert.That(await SendAsync($"https://127.0.0.1:{front}/as2", "127.0.0.2", Caller), Is.True);
        Assert.That(await SendAsync($"https://127.0.0.1:{front}/as2", "127.0.0.2", TestKeys.Rsa("mallory's tls")), Is.False);
    }

    private static void Write(TempFolder data, object listen, string[]? addresses = null)
    {
        foreach (var (file, key) in new[] { ("ours.pem", Us), ("tls.pem", Tls) })
            data.Write(file, CertificateFile.ToPem(key) + CertificateFile.ToKeyPem(key));
        data.Write("theirs.cer", CertificateFile.ToPem(Them));
        data.Write("caller.cer", CertificateFile.ToPem(Caller));
        data.Write("gateway.json", JsonSerializer.Serialize(new
        {
            Listen = listen,
            As2 = new
            {
                Stations = new Dictionary<string, object> { ["US"] = new { Certificate = "ours.pem" } },
                Partnerships = new[]
                {
                    new
                    {
                        Local = "US", Partner = "THEM", AllowedAddresses = addresses ?? ["127.0.0.9"],
                        Certificates = new object[] { "theirs.cer", new { File = "caller.cer", For = new[] { "tls-client" } } },
                    },
                },
            },
        }));
    }

    /// <summary>A message of THEM from an address of this machine. True: the receipt confirms it.</summary>
    private static async Task<bool> SendAsync(string endpoint, string from, As2Certificate? shown, params (string Name, string Value)[] claims)
    {
        using var handler = new Claiming(claims) { InnerHandler = Handler(IPAddress.Parse(from), shown) };
        var partnership = new Partnership { Local = new("THEM"), Partner = new("US"), Endpoint = new Uri(endpoint) };
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(new PartnershipBook().Add(partnership, PartnershipCertificates.Of(Them, TestKeys.PublicOf(Us))));
        services.AddSingleton(new HttpTransport(handler));
        services.AddAs2();
        await using var provider = services.BuildServiceProvider();
        var result = await provider.GetRequiredService<As2Sender>().SendAsync(Payload.FromBytes("UNA:+.? '\n"u8.ToArray()), partnership, default);
        return result.IsAcknowledged;
    }

    private static SocketsHttpHandler Handler(IPAddress from, As2Certificate? shown) => new()
    {
        UseProxy = false,
        ConnectCallback = async (context, stop) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = shown is null ? null : SslStreamCertificateContext.Create(shown.Certificate, null, offline: true),
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == Tls.Certificate.GetCertHashString(),
        },
    };

    private sealed class Claiming((string Name, string Value)[] claims) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            foreach (var (name, value) in claims)
                request.Headers.TryAddWithoutValidation(name, value);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
