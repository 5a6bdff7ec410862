using System.Net;
using System.Security.Cryptography.X509Certificates;
using As2.Agreements;
using As2.Certificates;
using As2.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace As2.Interop.Tests.Http;

/// <summary>A partnership that names the TLS certificates with which the partner calls.</summary>
public sealed class MutualTlsTests
{
    private static readonly SecurityRequirements s_plain = new() { RequireEncrypted = false, RequireSigned = false };

    [Test]
    public async Task only_the_agreed_client_certificate_calls_under_the_partners_name()
    {
        await using var endpoint = await StartAsync([TestKeys.PublicOf(TestKeys.Ec("alice's tls"))]);
        Assert.That(await PostAsync(endpoint, TestKeys.Ec("alice's tls")), Does.Contain("; processed\r\n"));
        await endpoint.ReceivedAsync();
        Assert.That(await PostAsync(endpoint, null), Does.Contain("unknown-trading-partner"));
        Assert.That(await PostAsync(endpoint, TestKeys.Ec("mallory's tls")), Does.Contain("unknown-trading-partner"));
        Assert.That(endpoint.IsIdle);
    }

    [Test]
    public async Task a_client_certificate_out_of_its_window_does_not_count()
    {
        var old = TestKeys.PublicOf(TestKeys.Ec("alice's tls")).Certificate;
        await using var endpoint = await StartAsync([new As2Certificate(old, notAfter: TimeProvider.System.GetUtcNow().AddDays(-1))]);
        Assert.That(await PostAsync(endpoint, TestKeys.Ec("alice's tls")), Does.Contain("unknown-trading-partner"));
    }

    private static Task<Endpoint> StartAsync(IReadOnlyList<As2Certificate> callers)
        => Endpoint.StartAsync(
            Sealed.AtBob(s_plain), Sealed.CertificatesOfBob with { TlsCaller = callers }, options => options.FailureGrid = TimeSpan.Zero,
            listen: listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = TestKeys.Rsa("the tls of bob").Certificate;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            }));

    private static async Task<string> PostAsync(Endpoint endpoint, As2Certificate? shown)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2;
        if (shown is not null)
            handler.SslOptions.ClientCertificates = [shown.Certificate];
        using var client = new HttpClient(handler);
        var message = Sealed.Of(new());
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Address) { Content = new ByteArrayContent(message.Body) };
        foreach (var (name, value) in message.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await client.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await answer.Content.ReadAsStringAsync();
    }
}
