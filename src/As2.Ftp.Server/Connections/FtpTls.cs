using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace As2.Ftp.Server.Connections;

/// <summary>The TLS settings of all connections; one object per certificate, so that data connections resume the session of their control.</summary>
internal sealed class FtpTls(IOptions<FtpServerOptions> options)
{
    private readonly Lock _gate = new();
    private X509Certificate2? _certificate;
    private SslServerAuthenticationOptions? _current;

    public bool IsOffered => options.Value.Certificate is not null;

    public SslServerAuthenticationOptions Current
    {
        get
        {
            var certificate = options.Value.Certificate?.Invoke()
                ?? throw new As2Exception("AS2-FTP-011", "The FTPS server has no certificate: set FtpServerOptions.Certificate.");
            lock (_gate)
            {
                if (_current is null || !ReferenceEquals(certificate, _certificate))
                    (_certificate, _current) = (certificate, Create(certificate));
                return _current;
            }
        }
    }

    private SslServerAuthenticationOptions Create(X509Certificate2 certificate) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
        EnabledSslProtocols = options.Value.TlsVersions,
        AllowRenegotiation = false,
        AllowTlsResume = true,
        ClientCertificateRequired = options.Value.AskClientCertificate,
#pragma warning disable CA5359 // The handshake proves that the client holds the key; sign-in compares the certificate with the account's.
        RemoteCertificateValidationCallback = options.Value.AskClientCertificate ? (_, _, _, _) => true : null,
#pragma warning restore CA5359
    };
}
