using As2;
using As2.Ftp;
using As2.Ftp.Local;
using As2.Ftp.Sftp;
using ManagedGateway.Secrets;

namespace ManagedGateway.Outside;

/// <summary>Opens connections as the settings say. Secrets are read from their files at each connection, so a new one needs no restart.</summary>
internal sealed class OutsideConnector(OutsideSettings settings, string data)
{
    private SealedFiles Files { get; } = new(data, new SecretBox(data));

    // One object for all connections of an account: they share what they learn about the server.
    private FtpClientOptions? _ftp;

    /// <summary>The name of the folder.</summary>
    public string Name => settings.Name;

    /// <summary>Why the last connection could not be opened; null when it could, or none was tried.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>Opens a signed-in connection.</summary>
    public async Task<IMailboxClient> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            var client = await OpenAsync(cancellationToken);
            LastFailure = null;
            return client;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LastFailure = e.Message;
            throw;
        }
    }

    private async Task<IMailboxClient> OpenAsync(CancellationToken cancellationToken) => settings.Kind switch
    {
        OutsideKind.Folder => new LocalFolder(Path.Combine(data, settings.Host)),
        OutsideKind.Sftp => await SftpMailbox.ConnectAsync(Sftp(), cancellationToken),
        _ => await FtpClient.ConnectAsync(Ftp(), cancellationToken),
    };

    /// <summary>Faults of the settings are found before anything listens.</summary>
    /// <exception cref="As2Exception">GW-OUTSIDE-001, AS2-FTP-*, AS2-CERT-*.</exception>
    public void Check()
    {
        if (settings.Name.Length == 0 || settings.Host.Length == 0)
            throw new As2Exception("GW-OUTSIDE-001", $"The outside folder '{settings.Name}' needs Name and Host (with Kind Folder, Host is its path).");
        if (settings.Kind == OutsideKind.Sftp)
            Sftp();
        else if (settings.Kind != OutsideKind.Folder)
            Ftp();
    }

    private FtpClientOptions Ftp()
    {
        var password = Read(settings.PasswordFile) ?? "";
        if (_ftp is { } known && known.Password == password)
            return known;
        return _ftp = new FtpClientOptions
        {
            Host = settings.Host,
            Port = settings.Port,
            User = settings.User,
            Password = password,
            Security = settings.Kind switch
            {
                OutsideKind.FtpsImplicit => FtpSecurity.ImplicitTls,
                OutsideKind.FtpInsecure => FtpSecurity.InsecurePlain,
                _ => FtpSecurity.ExplicitTls,
            },
            Trust = Trust(),
            ClientCertificate = settings.ClientCertificate is { } file ? Files.LoadCertificate(file).Certificate : null,
            Proxy = Proxy,
        };
    }

    private FtpTrust Trust()
    {
        if (settings.Certificates.Count > 0)
            return FtpTrust.Pinned([.. settings.Certificates]);
        return settings.Authorities.Count > 0
            ? FtpTrust.Authorities([.. settings.Authorities.Select(file => Files.LoadCertificate(file).Certificate)])
            : FtpTrust.System;
    }

    private SftpOptions Sftp() => new()
    {
        Host = settings.Host,
        Port = settings.Port == 0 ? 22 : settings.Port,
        User = settings.User,
        Password = Read(settings.PasswordFile),
        PrivateKey = settings.KeyFile is { } file ? ReadAll(file) : null,
        HostKeys = settings.HostKeys.Count > 0
            ? settings.HostKeys
            : throw new As2Exception("GW-OUTSIDE-001", $"The outside folder '{settings.Name}' needs HostKeys: the server's key as ssh-keygen -lf prints it."),
        Proxy = Proxy,
    };

    private FtpProxy? Proxy => settings.Proxy is { } address ? FtpProxy.Parse(address) : null;

    private string? Read(string? file) => file is null ? null : ReadAll(file).Split('\n')[0].TrimEnd('\r');

    private string ReadAll(string file)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(Files.Read(Path.Combine(data, file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new As2Exception("GW-OUTSIDE-001", $"The outside folder '{settings.Name}' cannot be used: {e.Message}", e);
        }
    }
}
