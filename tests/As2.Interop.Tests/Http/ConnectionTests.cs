using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Testing;
using As2.Transmission;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace As2.Interop.Tests.Http;

/// <summary>How each partner's server is reached: TLS trust, certificates shown, credentials, proxies.</summary>
public sealed class ConnectionTests
{
    private static readonly byte[] s_body = Encoding.ASCII.GetBytes("a body");

    private HttpTransport _transport = null!;

    [SetUp]
    public void Open() => _transport = new HttpTransport();

    [TearDown]
    public void Close() => _transport.Dispose();

    [Test]
    [Rfc("4130", "9.2")]
    public async Task a_server_that_nobody_vouches_for_is_refused_until_its_certificate_is_agreed()
    {
        await using var server = await Server.StartAsync(Issued("elsewhere.example"));
        var refused = await PostAsync(server);
        Assert.That((refused.StatusCode, refused.NeedsMending), Is.EqualTo(((int?)null, true)));
        var other = await PostAsync(server, expected: [new(TestKeys.Ec("another").Certificate)]);
        Assert.That((other.StatusCode, other.NeedsMending), Is.EqualTo(((int?)null, true)));
        var agreed = await PostAsync(server, expected: [new(X509CertificateLoader.LoadCertificate(server.Certificate!.RawData))]);
        Assert.That(agreed.StatusCode, Is.EqualTo(200), agreed.Failure);
    }

    [TestCase("localhost", 200)]
    [TestCase("elsewhere.example", null)]
    [Rfc("4130", "9.2")]
    public async Task an_agreed_issuer_vouches_for_the_name_that_it_certified(string name, int? status)
    {
        await using var server = await Server.StartAsync(Issued(name));
        var outcome = await PostAsync(server, expected: [new(X509CertificateLoader.LoadCertificate(Issuer.Certificate.RawData))]);
        Assert.That(outcome.StatusCode, Is.EqualTo(status), outcome.Failure);
    }

    [Test]
    public async Task an_agreed_certificate_out_of_its_window_leaves_nothing_to_trust()
    {
        await using var server = await Server.StartAsync(Issued("localhost"));
        var over = new As2Certificate(X509CertificateLoader.LoadCertificate(server.Certificate!.RawData), notAfter: TimeProvider.System.GetUtcNow().AddDays(-1));
        var partnership = Sealed.AtBob();
        var book = new PartnershipBook().Add(partnership, new PartnershipCertificates { TlsServer = [over] });
        var connection = await HttpConnection.OfAsync(partnership, book, TimeProvider.System.GetUtcNow(), default);
        Assert.That((await _transport.PostAsync(Post(server.Address) with { Connection = connection }, default)).NeedsMending);
    }

    [Test]
    public async Task our_certificate_is_shown_to_the_partner_that_it_is_for()
    {
        var ours = TestKeys.Rsa("tls client");
        await using var server = await Server.StartAsync(Issued("localhost"), wantsClient: true);
        As2Certificate[] expected = [new(X509CertificateLoader.LoadCertificate(Issuer.Certificate.RawData))];
        Assert.That((await PostAsync(server, expected: expected)).StatusCode, Is.Not.EqualTo(200));
        Assert.That((await PostAsync(server, expected: expected, shown: ours)).StatusCode, Is.EqualTo(200));
        Assert.That(server.ClientThumbprint, Is.EqualTo(ours.Certificate.Thumbprint));
    }

    [Test]
    public async Task credentials_go_with_the_first_request_and_only_where_they_are_for()
    {
        await using var server = await Server.StartAsync(null);
        await PostAsync(server, new ConnectionAgreement { User = "acme", Password = "pässword:1" });
        await PostAsync(server, new ConnectionAgreement { Token = "abc.def" });
        await PostAsync(server);
        await _transport.PostAsync(Post(server.Address) with { Connection = new(new() { Token = "abc.def" }, null, []), SendsCredentials = false }, default);
        Assert.That(server.Authorizations, Is.EqualTo(new[] { "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("acme:pässword:1")), "Bearer abc.def", "", "" }));
    }

    [Test]
    public void secrets_are_not_shown()
        => Assert.That(new ConnectionAgreement { User = "u", Password = "secret", Proxy = new("http://u:secret@proxy.example:1") }.ToString(), Does.Not.Contain("secret"));

    [Test]
    public async Task a_proxy_is_used_with_its_credentials()
    {
        await using var proxy = await Server.StartAsync(null);
        var address = new UriBuilder(proxy.Address) { UserName = "u", Password = "p", Path = "" }.Uri;
        var outcome = await _transport.PostAsync(Post(new("http://partner.invalid/as2")) with { Connection = new(new() { Proxy = address }, null, []) }, default);
        Assert.That(outcome.StatusCode, Is.EqualTo(200), outcome.Failure);
        Assert.That(proxy.Hosts, Is.All.EqualTo("partner.invalid"));
    }

    [Test]
    public async Task a_server_that_wants_a_length_gets_it_and_is_remembered()
    {
        await using var server = await Server.StartAsync(null, wantsLength: true);
        var post = Post(server.Address) with { Quirks = new HashSet<PartnerQuirk> { PartnerQuirk.SendChunked } };
        Assert.That((await _transport.PostAsync(post, default)).StatusCode, Is.EqualTo(200));
        Assert.That((await _transport.PostAsync(post, default)).StatusCode, Is.EqualTo(200));
        Assert.That(server.Lengths, Is.EqualTo(new long?[] { null, s_body.Length, s_body.Length }));
    }

    [Test]
    public async Task a_redirect_is_not_followed()
    {
        await using var server = await Server.StartAsync(null);
        var outcome = await _transport.PostAsync(Post(new(server.Address, "/moved")), default);
        Assert.That((outcome.StatusCode, server.Hosts.Count), Is.EqualTo((307, 0)));
    }

    [Test]
    public async Task a_name_that_leads_into_our_network_is_refused_when_the_connection_is_made()
    {
        await using var server = await Server.StartAsync(null);
        using var transport = new HttpTransport(c => c.ToHandler((_, _) => Task.FromResult(new[] { IPAddress.Loopback })));
        var post = Post(new UriBuilder(server.Address) { Host = "partner.example" }.Uri);
        var refused = await transport.PostAsync(post, default);
        Assert.That((refused.NeedsMending, refused.Failure), Is.EqualTo((true, refused.Failure)));
        Assert.That(refused.Failure, Does.Contain("AllowPrivateAddresses"));
        var allowed = await transport.PostAsync(post with { Connection = new(new() { AllowPrivateAddresses = true }, null, []) }, default);
        Assert.That(allowed.StatusCode, Is.EqualTo(200), allowed.Failure);
    }

    private ValueTask<PostOutcome> PostAsync(Server server, ConnectionAgreement? agreement = null, As2Certificate[]? expected = null, As2Certificate? shown = null)
        => _transport.PostAsync(Post(server.Address) with { Connection = new HttpConnection(agreement ?? new(), shown, expected ?? []) }, default);

    private static HttpPost Post(Uri address) => new()
    {
        Address = address,
        Headers = new HeaderFields { { "Content-Type", "text/plain" } },
        Length = s_body.Length,
        OpenBody = _ => ValueTask.FromResult<Stream>(new MemoryStream(s_body)),
    };

    private static class Issuer
    {
        public static readonly X509Certificate2 Certificate = Make();

        private static X509Certificate2 Make()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=tls issuer", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            var now = TimeProvider.System.GetUtcNow();
            return request.CreateSelfSigned(now.AddDays(-2), now.AddDays(30));
        }
    }

    private static X509Certificate2 Issued(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var leaf = request.Create(Issuer.Certificate, now.AddDays(-1), now.AddDays(20), RandomNumberGenerator.GetBytes(8));
        using var whole = leaf.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A server that takes posts and remembers what it saw of them.</summary>
    private sealed class Server(WebApplication app, X509Certificate2? certificate) : IAsyncDisposable
    {
        public X509Certificate2? Certificate => certificate;

        public List<string> Authorizations { get; } = [];

        public List<string> Hosts { get; } = [];

        public List<long?> Lengths { get; } = [];

        public string? ClientThumbprint { get; private set; }

        public Uri Address => new($"{(certificate is null ? "http" : "https")}://localhost:{new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port}/as2");

        public static async Task<Server> StartAsync(X509Certificate2? certificate, bool wantsClient = false, bool wantsLength = false)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate, https =>
                    {
                        https.ClientCertificateMode = wantsClient ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                        https.ClientCertificateValidation = (_, _, _) => true;
                    });
            }));
            var app = builder.Build();
            var server = new Server(app, certificate);
            app.Map("/moved", () => Results.Redirect("/as2", preserveMethod: true));
            app.MapPost("/as2", context => server.TakeAsync(context, wantsLength));
            await app.StartAsync();
            return server;
        }

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            certificate?.Dispose();
        }

        private async Task TakeAsync(HttpContext context, bool wantsLength)
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            Authorizations.Add(context.Request.Headers.Authorization.ToString());
            Hosts.Add(context.Request.Host.Host);
            Lengths.Add(context.Request.ContentLength);
            ClientThumbprint = context.Connection.ClientCertificate?.Thumbprint;
            if (wantsLength && context.Request.ContentLength is null)
                context.Response.StatusCode = 411;
        }
    }
}
