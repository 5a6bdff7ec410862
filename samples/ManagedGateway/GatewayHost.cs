using System.Net;
using As2;
using As2.AspNetCore;
using As2.CertificateExchange;
using As2.Certificates;
using As2.Ftp.Server;
using As2.Ftp.Server.Accounts;
using As2.Ftp.Server.Mailbox;
using As2.Routes;

using ManagedGateway.Accounts;
using ManagedGateway.Configuration;
using ManagedGateway.Listening;
using ManagedGateway.Operations;
using ManagedGateway.Outside;
using ManagedGateway.Secrets;
using ManagedGateway.Stores;
using ManagedGateway.Watching;
using Microsoft.Extensions.Logging.Console;

namespace ManagedGateway;

/// <summary>The gateway as a process: AS2 over HTTP, FTPS, the workers between them, and one data folder.</summary>
internal static class GatewayHost
{
    /// <summary>Runs the gateway that the data folder describes until it is told to stop.</summary>
    public static async Task<int> RunAsync(GatewayOptions options, TextWriter output)
    {
        if (FirstSettings.Write(options.Data))
            await output.WriteLineAsync($"This is a new data folder: {options.Data}");
        if (GatewaySettings.Load(options.Data).Listen.FtpsCertificate == ListenerSettings.OwnFtpsCertificate)
            GatewayKeys.EnsureFtps(options.Data);
        foreach (var line in new SecretMigration(options.Data, new SecretBox(options.Data)).Run())
            await output.WriteLineAsync(line);
        var settings = GatewaySettings.Load(options.Data);
        // Who signed in and who moved which file is for the record, not for debugging.
        await using var gateway = Build(settings, options, services => services.AddLogging(log => log.AddFilter("As2.Ftp.Server", LogLevel.Information)));
        await StartAsync(gateway);
        await output.WriteLineAsync($"AS2   {(settings.Listen.As2Certificate is null ? "http" : "https")}://{settings.Listen.Address}:{settings.Listen.As2Port}/as2");
        await output.WriteLineAsync($"FTPS  {settings.Listen.Address}:{settings.Listen.FtpsPort} (explicit TLS)");
        if (settings.Listen.FtpsImplicitPort != 0)
            await output.WriteLineAsync($"FTPS  {settings.Listen.Address}:{settings.Listen.FtpsImplicitPort} (implicit TLS)");
        await SayConsoleAsync(gateway, output);
        await output.WriteLineAsync("Ctrl+C stops it.");
        await gateway.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Starts it. When that fails, as with a port that is taken, the workers that run already end before the store closes under them.</summary>
    public static async Task StartAsync(WebApplication gateway)
    {
        try
        {
            await gateway.StartAsync();
        }
        catch
        {
            await gateway.StopAsync();
            throw;
        }
    }

    /// <summary>Says where the console is, and while there is no administrator the way in.</summary>
    public static async Task SayConsoleAsync(WebApplication gateway, TextWriter output)
    {
        foreach (var line in gateway.Services.GetRequiredService<OperationsService>().Describe())
            await output.WriteLineAsync(line);
    }

    /// <summary>Builds the gateway; nothing listens yet.</summary>
    /// <param name="settings">What the data folder says.</param>
    /// <param name="options">What the command line says.</param>
    /// <param name="more">Services that a program around the gateway adds, last.</param>
    public static WebApplication Build(GatewaySettings settings, GatewayOptions options, Action<IServiceCollection>? more = null)
    {
        if (options.Port is { } port)
        {
            (settings.Listen.As2Port, settings.Listen.FtpsPort) = (port, port + 1);
            if (settings.Console is { Port: not 0 } console)
                console.Port = port + 2;
            if (settings.Watch is { Port: not 0 } watch)
                watch.Port = port + 3;
        }
        // Settings are in gateway.json, which is looked at now and then: to watch the folder would be to hear of every write to the database.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = options.Data, Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        // What fails at start is told in one line by the command line, not twice with a stack trace.
        builder.Logging.ClearProviders().AddSimpleConsole(c => c.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // Whoever reads the log may stall; messages do not wait for it. How many lines were dropped is then a line itself.
        builder.Services.Configure<ConsoleLoggerOptions>(log => log.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        var tls = settings.Listen.As2Certificate is { } file
            ? new TlsCertificate(Path.Combine(options.Data, file), () => LoadTls(options.Data, file, settings.Listen.As2CertificatePassword), TimeProvider.System)
            : null;
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var address = IPAddress.Parse(settings.Listen.Address);
            kestrel.AddServerHeader = false;
            kestrel.ListenForAs2(settings.Listen, tls);
            kestrel.ListenForWatchers(settings.Watch);
            kestrel.Listen(address, settings.Listen.FtpsPort, listen => listen.UseFtp());
            if (settings.Listen.FtpsImplicitPort != 0)
                kestrel.Listen(address, settings.Listen.FtpsImplicitPort, listen => listen.UseFtp(FtpTlsMode.Implicit));
        });
        builder.Services.AddAs2ConnectionMemory();
        AddServices(builder.Services, settings, options);
        more?.Invoke(builder.Services);
        var app = builder.Build();
        tls?.Log = app.Logger;
        app.UseTrustedProxies(settings.Listen);
        app.UseWatch(settings.Watch);
        app.MapAs2Endpoint("/as2");
        return app;
    }

    /// <summary>The engine with what the data folder's settings, and what console and API saved, say.</summary>
    public static As2Builder AddPartnershipsOf(this IServiceCollection services, string data, StoreSettings? store)
    {
        services.AddManagedConfiguration(data, store);
        return services.AddAs2(as2 => (as2.Product, as2.CaptureFolder) = ("As2Sdk-ManagedGateway", Path.Combine(data, "captures")))
            .AddPartnerships(s => s.GetRequiredService<LiveSettings>().Source)
            .AddCertificateExchange(provider => GatewayStore.Exchanges(provider, store, data));
    }

    private static As2Certificate LoadTls(string data, string file, string? password)
        => new SealedFiles(data, new SecretBox(data)).LoadCertificate(file, password);

    /// <summary>The settings alone, for commands beside a gateway that runs: its data folder is not opened, a shared database is.</summary>
    public static void AddSettingsOf(this IServiceCollection services, string data)
    {
        var store = GatewaySettings.Load(data).Store;
        if (store is not null)
            services.AddStoreOf(store, data);
        services.AddPartnershipsOf(data, store);
    }

    private static void AddServices(IServiceCollection services, GatewaySettings settings, GatewayOptions options)
    {
        services.AddSingleton(settings);
        services.AddSingleton(options);
        services.AddStoreOf(settings.Store, options.Data);
        services.AddPartnershipsOf(options.Data, settings.Store).AddWorkers();
        if (settings.Store is not null)
            services.AddHostedService<SettingsHints>();
        services.AddSingleton<IPayloadDestinationLookup, AccountRoutes>();
        // A fault in a pattern is told at start, not at the first delivery.
        settings.Accounts.ForEach(account => AccountRoutes.Of(account));
        foreach (var (organisation, quota) in settings.Quotas)
            services.AddSingleton(quota.ToQuota(organisation, settings));
        services.AddWatch(settings.Watch);
        services.AddOutsideFolders(settings.Outside, options.Data);
        services.AddSingleton(provider => new OperationsService(provider, settings, options));
        services.AddHostedService(provider => provider.GetRequiredService<OperationsService>());
        services.AddSingleton<GatewayAccounts>();
        // Only a console asks for it, of this gateway or of another node.
        if (settings.Console is not null || settings.Store is not null)
            services.AddSingleton<AccountUses>().AddHostedService(s => s.GetRequiredService<AccountUses>());
        services.AddSingleton<IOutboxSubmitter>(s => s.GetRequiredService<GatewayAccounts>());
        services.AddSingleton<FtpUserLookup>(s => s.GetRequiredService<GatewayAccounts>().FindAsync);
        services.AddSingleton<IFtpAccounts, MailboxAccounts>();
        if (settings.Listen.FtpsCertificate == ListenerSettings.OwnFtpsCertificate)
            GatewayKeys.EnsureFtps(options.Data);
        var certificate = new SealedFiles(options.Data, new SecretBox(options.Data)).LoadCertificate(settings.Listen.FtpsCertificate);
        services.AddFtpServer(ftp =>
        {
            ftp.Certificate = () => certificate.Certificate;
            ftp.Limits = settings.Listen.FtpsLimits;
            ftp.RequireTlsClose = !settings.Listen.FtpsUnsafelyAllowMissingTlsClose;
            ftp.AskClientCertificate = settings.Accounts.Any(account => account.Certificates.Count > 0);
            ftp.PublicAddress = settings.Listen.FtpsPublicAddress is { } address ? IPAddress.Parse(address) : null;
            (ftp.FirstPassivePort, ftp.LastPassivePort) = (settings.Listen.FtpsFirstDataPort, settings.Listen.FtpsLastDataPort);
        });
    }
}
