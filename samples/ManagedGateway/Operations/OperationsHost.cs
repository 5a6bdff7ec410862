using System.Net;
using As2.Agreements;
using As2.Certificates;
using As2.Storage;
using As2.Storage.Sqlite;
using ManagedGateway.Api;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Figures;
using ManagedGateway.Operations.Messages;
using ManagedGateway.Operations.Store;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;

namespace ManagedGateway.Operations;

/// <summary>Console and API as a host of their own: what is added to its pipeline never touches an AS2 message or an FTP upload.</summary>
internal static class OperationsHost
{
    private const long MaxBody = 1 << 20;

    /// <summary>Builds it over a gateway; nothing listens yet.</summary>
    /// <param name="gateway">The gateway's services.</param>
    /// <param name="settings">Where it listens.</param>
    /// <param name="data">The data folder.</param>
    public static WebApplication Build(IServiceProvider gateway, ConsoleSettings settings, string data)
    {
        settings.Check();
        // The name finds the assets of packages, whatever program this runs in.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = "gateway", ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Listen(IPAddress.Parse(settings.Address), settings.Port, listen =>
            {
                if (settings.Certificate is { } file)
                    listen.UseHttps(CertificateFile.Load(Path.Combine(data, file)).Certificate);
            });
        });
        Share(builder.Services, gateway);
        AddServices(builder.Services, settings, data);
        var app = builder.Build();
        Map(app);
        return app;
    }

    private static void Share(IServiceCollection services, IServiceProvider gateway)
    {
        Add<TimeProvider>();
        Add<GatewaySettings>();
        Add<GatewayOptions>();
        Add<IMessageStore>();
        Add<IMessageJournal>();
        Add<As2.Routes.IMailboxStore>();
        Add<IBlobStore>();
        Add<IStoreHealth>();
        Add<As2.StorageServices>();
        Add<PartnershipBook>();
        Add<As2.PartnerServices>();
        Add<As2.As2Sender>();
        Add<As2.Transmission.MessageOperations>();
        services.Replace(ServiceDescriptor.Singleton(gateway.GetRequiredService<ILoggerFactory>()));

        void Add<T>()
            where T : class => services.AddSingleton(gateway.GetRequiredService<T>());
    }

    private static void AddServices(IServiceCollection services, ConsoleSettings settings, string data)
    {
        services.AddSingleton(_ => new OperationsDatabase(data));
        services.AddSingleton<AuditLog>().AddSingleton<Users>().AddSingleton<UserDesk>().AddSingleton<Sessions>().AddSingleton<ApiTokens>().AddSingleton<FirstRun>();
        services.AddSingleton<Organisations>();
        services.AddSingleton<MessageChanges>().AddSingleton<MessageDesk>().AddSingleton<FileIntake>();
        services.AddSingleton(_ => new SqliteStatistics(data));
        services.AddSingleton<Usage>().AddSingleton<Certificates>().AddSingleton<Alerts>().AddSingleton<Dashboard>().AddSingleton<AccountList>();
        services.AddAccessRules();
        services.AddSignInLimit();
        services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = [.. settings.AllHosts]);
        services.AddHostFiltering(_ => { });
        services.AddCascadingAuthenticationState();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddApi();
        services.AddSingleton<ApiGuide>();
        services.AddForms();
    }

    private static void Map(WebApplication app)
    {
        app.UseHostFiltering();
        app.UsePageHeaders();
        app.UseExceptionHandler();
        app.UseSameOrigin();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "gateway.staticwebassets.endpoints.json")).AllowAnonymous();
        app.MapApi();
        app.MapRazorComponents<Console.App>().AddInteractiveServerRenderMode();
    }
}
