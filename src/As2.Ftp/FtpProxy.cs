namespace As2.Ftp;

/// <summary>How a proxy is spoken to.</summary>
public enum FtpProxyKind
{
    /// <summary>HTTP <c>CONNECT</c> (RFC 9110 §9.3.6); usual port 3128 or 8080.</summary>
    HttpConnect,

    /// <summary>SOCKS version 5 (RFC 1928), with user and password where given (RFC 1929); usual port 1080.</summary>
    Socks5,
}

/// <summary>A proxy that every connection of an account goes through, data connections included. It resolves the host's name. Immutable.</summary>
/// <param name="Kind">How it is spoken to.</param>
/// <param name="Host">Its host name or address.</param>
/// <param name="Port">Its TCP port.</param>
/// <param name="User">User name, or null.</param>
/// <param name="Password">Password, or null. Never logged.</param>
public sealed record FtpProxy(FtpProxyKind Kind, string Host, int Port, string? User = null, string? Password = null)
{
    /// <summary>Reads <c>http://user:password@host:port</c> or <c>socks5://host:port</c>.</summary>
    /// <exception cref="As2Exception">AS2-FTP-003: neither of them.</exception>
    public static FtpProxy Parse(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "socks5") || uri.Port <= 0)
            throw new As2Exception("AS2-FTP-003", "The proxy's address cannot be used: write http://host:port or socks5://host:port.");
        var user = uri.UserInfo.Split(':', 2);
        return new FtpProxy(
            uri.Scheme == "http" ? FtpProxyKind.HttpConnect : FtpProxyKind.Socks5, uri.Host, uri.Port,
            user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null, user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null);
    }

    /// <summary>The proxy without its user and password.</summary>
    public override string ToString() => $"{(Kind == FtpProxyKind.Socks5 ? "socks5" : "http")}://{Host}:{Port}";
}
