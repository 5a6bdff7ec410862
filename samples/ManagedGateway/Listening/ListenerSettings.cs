using As2.Ftp.Server;

namespace ManagedGateway.Listening;

/// <summary>Addresses and ports.</summary>
internal sealed class ListenerSettings
{
    /// <summary>The address of every listener. Default: this machine only.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>AS2 over HTTP.</summary>
    public int As2Port { get; set; } = 4080;

    /// <summary>
    /// The certificate with its key with which the AS2 port speaks HTTPS, a PEM or PKCS#12 file of the data folder; read again when it
    /// changes. Default: none, plain HTTP.
    /// </summary>
    public string? As2Certificate { get; set; }

    /// <summary>The password of <see cref="As2Certificate"/>. Default: none.</summary>
    public string? As2CertificatePassword { get; set; }

    /// <summary>A port for partners whose products speak the HTTP of the last century, HTTPS where the AS2 port does. Default: 0, none.</summary>
    public int LegacyAs2Port { get; set; }

    /// <summary>
    /// Addresses and networks of proxies in front of the AS2 ports and the console, whose X-Forwarded-For is believed, and X-Forwarded-Proto
    /// for the console. Default: none.
    /// </summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>
    /// The header field in which those proxies hand on the TLS client certificate, PEM with percent-encoding as nginx's
    /// <c>$ssl_client_escaped_cert</c>. Default: none.
    /// </summary>
    public string? ProxyCertificateHeader { get; set; }

    /// <summary>FTPS, explicit TLS.</summary>
    public int FtpsPort { get; set; } = 4081;

    /// <summary>FTPS with TLS from the first byte, usually 990. Default 0: there is none.</summary>
    public int FtpsImplicitPort { get; set; }

    /// <summary>Sessions at once, sizes, times and lock-outs of the FTPS server.</summary>
    public FtpServerLimits FtpsLimits { get; set; } = new();

    /// <summary>
    /// Takes uploads of clients that never close TLS, such as .NET's FtpWebRequest. A connection that is cut then looks like the end of a
    /// file, and half a file is sent: let such clients upload under an unfinished name and rename. Default: false.
    /// </summary>
    public bool FtpsUnsafelyAllowMissingTlsClose { get; set; }

    /// <summary>The IPv4 address that PASV names, for a gateway behind address translation. Default: the one the client reached.</summary>
    public string? FtpsPublicAddress { get; set; }

    /// <summary>First and last port for data connections. Default: any free port.</summary>
    public int FtpsFirstDataPort { get; set; }

    /// <inheritdoc cref="FtpsFirstDataPort"/>
    public int FtpsLastDataPort { get; set; }

    /// <summary>The FTPS certificate that the gateway makes itself when it is not there.</summary>
    public const string OwnFtpsCertificate = "keys/ftps.pem";

    /// <summary>The FTPS server's certificate with its key, a PEM or PKCS#12 file of the data folder. Default: one that is made at first start.</summary>
    public string FtpsCertificate { get; set; } = OwnFtpsCertificate;
}
