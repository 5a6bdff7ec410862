using System.Net;
using System.Net.Security;
using As2.AspNetCore;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ManagedGateway.Listening;

/// <summary>The public ports of AS2: HTTP, or HTTPS with a certificate that may change while the gateway runs.</summary>
internal static class As2Listener
{
    /// <summary>Adds them.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="settings">Where they are.</param>
    /// <param name="certificate">The certificate, or null for plain HTTP.</param>
    public static void ListenForAs2(this KestrelServerOptions kestrel, ListenerSettings settings, TlsCertificate? certificate)
    {
        var address = IPAddress.Parse(settings.Address);
        kestrel.Listen(address, settings.As2Port, listen => Secure(listen, certificate));
        if (settings.LegacyAs2Port == 0)
            return;
        kestrel.Listen(address, settings.LegacyAs2Port, listen =>
        {
            Secure(listen, certificate);
            listen.UseLegacyHttpTolerance();
        });
    }

    private static void Secure(ListenOptions listen, TlsCertificate? certificate)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (certificate is null)
            return;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current,
                // Asked for, never demanded: which partner must show which one is decided when the names are known.
                ClientCertificateRequired = true,
#pragma warning disable CA5359 // The handshake proves that the caller holds the key; the partnership compares the certificate with the agreed ones.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            }),
        });
    }
}
