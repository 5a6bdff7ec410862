using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using As2.Agreements;
using As2.Certificates;

namespace As2.Transmission;

/// <summary>How a server is reached: the agreement, the certificate that we show, and those that we expect. Immutable.</summary>
/// <param name="Agreement">The agreement.</param>
/// <param name="Shown">Our TLS certificate with its key, or null.</param>
/// <param name="Expected">The server's own certificates, or their issuers; none: what the system trusts.</param>
public sealed record HttpConnection(ConnectionAgreement Agreement, As2Certificate? Shown, IReadOnlyList<As2Certificate> Expected)
{
    /// <summary>Nothing special.</summary>
    public static HttpConnection Default { get; } = new(new ConnectionAgreement(), null, []);

    /// <summary>Connections that may be shared have the same key.</summary>
    internal (ConnectionAgreement Agreement, string Certificates) Key { get; } = (Agreement, $"{Shown?.Thumbprint}|{string.Join(',', Expected.Select(c => c.Thumbprint))}");

    /// <summary>The connection of a partnership as its certificates are now.</summary>
    /// <param name="partnership">Whose.</param>
    /// <param name="certificates">Gives the certificates of the TLS roles.</param>
    /// <param name="now">The moment for which they are chosen.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async ValueTask<HttpConnection> OfAsync(Partnership partnership, ICertificateSource certificates, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var shown = await certificates.SelectAsync(partnership, CertificateRole.TlsClient, now, cancellationToken).ConfigureAwait(false);
        var expected = await certificates.SelectAsync(partnership, CertificateRole.TlsServer, now, cancellationToken).ConfigureAwait(false);
        return shown.Count == 0 && expected.Count == 0 && partnership.Connection == Default.Agreement
            ? Default
            : new HttpConnection(partnership.Connection, shown.FirstOrDefault(), [.. expected.Where(c => c.IsInUse(now))]) { IsPinned = expected.Count > 0 };
    }

    /// <summary>True when certificates were agreed, even if none of them is in use now: then nothing is trusted.</summary>
    internal bool IsPinned { get; init; } = Expected.Count > 0;

    internal SocketsHttpHandler ToHandler(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        // A proxy is our own choice, and it is the proxy that looks the name up.
        var guard = new AddressGuard(Agreement.AllowPrivateAddresses || Agreement.Proxy is not null, resolve);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            // What is said of traces is said by the post itself: the framework would add baggage, and a span that nobody has.
            ActivityHeadersPropagator = null,
            UseCookies = false,
            UseProxy = Agreement.Proxy is not null,
            Proxy = Proxy(),
            ConnectTimeout = Agreement.ConnectTimeout,
            ConnectCallback = (context, stop) => guard.ConnectAsync(context.DnsEndPoint, stop),
            SslOptions = ToTls(),
            // A file name in UTF-8 is the one value beyond ASCII that we write, and only by agreement.
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
    }

    /// <summary>How TLS is begun: the certificate that we show, and the judgement over the server's. For whoever looks at a server without posting.</summary>
    public SslClientAuthenticationOptions ToTls() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateContext = Shown is null ? null : SslStreamCertificateContext.Create(Shown.Certificate, [.. Shown.Issuers], offline: true),
        RemoteCertificateValidationCallback = IsPinned ? IsExpected : null,
    };

    /// <summary>The agreed certificate itself, whatever it says; or one that an agreed issuer made for this name.</summary>
    private bool IsExpected(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf)
            return false;
        if (Expected.Any(c => c.Der.Span.SequenceEqual(leaf.RawData)))
            return true;
        if ((errors & (SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable)) != 0)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.CustomTrustStore.AddRange(Expected.Select(c => c.Certificate).ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainElements.Select(e => e.Certificate).ToArray() ?? []);
        return Expected.Count > 0 && chain.Build(leaf);
    }

    private WebProxy? Proxy()
    {
        if (Agreement.Proxy is not { } address)
            return null;
        var user = address.UserInfo.Split(':', 2);
        return new WebProxy(new UriBuilder(address) { UserName = "", Password = "" }.Uri)
        {
            Credentials = address.UserInfo.Length == 0 ? null : new NetworkCredential(Uri.UnescapeDataString(user[0]), user.Length > 1 ? Uri.UnescapeDataString(user[1]) : ""),
        };
    }
}
