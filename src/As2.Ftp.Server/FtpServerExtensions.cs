using As2.Ftp.Server.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace As2.Ftp.Server;

/// <summary>Registers the embedded FTPS server and puts it on a port of Kestrel.</summary>
public static class FtpServerExtensions
{
    /// <summary>
    /// Adds the server. Also needed: an <see cref="Accounts.IFtpAccounts"/>, and one or more listeners with
    /// <see cref="UseFtp(ListenOptions, FtpTlsMode)"/>. May be called twice.
    /// </summary>
    public static IServiceCollection AddFtpServer(this IServiceCollection services, Action<FtpServerOptions>? configure = null)
    {
        var options = services.AddOptions<FtpServerOptions>().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FtpServerOptions>, FtpServerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FtpTls>();
        services.TryAddSingleton<FtpServices>();
        services.TryAddSingleton<FtpConnectionHandler>();
        return services;
    }

    /// <summary>This listener speaks FTP with explicit TLS.</summary>
    public static ListenOptions UseFtp(this ListenOptions listener) => listener.UseFtp(FtpTlsMode.Explicit);

    /// <summary>This listener speaks FTP.</summary>
    /// <param name="listener">A listener of Kestrel, for example of <c>options.ListenAnyIP(21, …)</c>.</param>
    /// <param name="mode">How its connections start.</param>
    /// <exception cref="As2Exception">AS2-FTP-012: <see cref="AddFtpServer"/> or the accounts are missing.</exception>
    public static ListenOptions UseFtp(this ListenOptions listener, FtpTlsMode mode)
    {
        ArgumentNullException.ThrowIfNull(listener);
        if (listener.ApplicationServices.GetService<FtpTls>() is null)
            throw new As2Exception("AS2-FTP-012", "UseFtp needs services.AddFtpServer(…): call it before the host is built.");
        if (listener.ApplicationServices.GetService<Accounts.IFtpAccounts>() is null)
            throw new As2Exception("AS2-FTP-012", "UseFtp needs an IFtpAccounts: register one, for example MailboxAccounts.");
        listener.Protocols = HttpProtocols.Http1;
        var handler = listener.ApplicationServices.GetRequiredService<FtpConnectionHandler>();
        listener.Run(connection => handler.RunAsync(connection, mode));
        return listener;
    }
}
