using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace As2.Ftp.Sftp;

/// <summary>Turns the options of an account into those of SSH.NET.</summary>
internal static class SftpConnection
{
    public static ConnectionInfo Create(SftpOptions options)
    {
        if (options.HostKeys.Count == 0)
            throw new As2Exception("AS2-FTP-002", $"The account at {options.Host} accepts no host key: write the server's as ssh-keygen -lf prints it, SHA256:….");
        var methods = new List<AuthenticationMethod>();
        if (options.PrivateKey is { } key)
            methods.Add(new PrivateKeyAuthenticationMethod(options.User, Read(key, options)));
        if (options.Password is { } password)
            methods.Add(new PasswordAuthenticationMethod(options.User, password));
        if (methods.Count == 0)
            throw new As2Exception("AS2-FTP-002", $"The account at {options.Host} has neither a password nor a private key: give one.");
        var connection = options.Proxy is { } proxy
            ? new ConnectionInfo(
                options.Host, options.Port, options.User, proxy.Kind == FtpProxyKind.Socks5 ? ProxyTypes.Socks5 : ProxyTypes.Http,
                proxy.Host, proxy.Port, proxy.User ?? "", proxy.Password ?? "", [.. methods])
            : new ConnectionInfo(options.Host, options.Port, options.User, [.. methods]);
        connection.Timeout = options.CommandTimeout;
        return connection;
    }

    public static bool IsAccepted(SftpOptions options, string sha256) => options.HostKeys.Any(accepted => Plain(accepted) == Plain(sha256));

    // ssh-keygen prints SHA256:base64 without padding; some programs pad.
    private static string Plain(string fingerprint)
        => (fingerprint.StartsWith("SHA256:", StringComparison.OrdinalIgnoreCase) ? fingerprint[7..] : fingerprint).Trim().TrimEnd('=');

    private static PrivateKeyFile Read(string key, SftpOptions options)
    {
        try
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(key));
            return new PrivateKeyFile(text, options.Passphrase);
        }
        catch (Exception e) when (e is SshException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new As2Exception("AS2-FTP-002", $"The private key of the account at {options.Host} cannot be read: {e.Message} Give an OpenSSH or PKCS#8 key and its passphrase.", e);
        }
    }
}
