using System.Net;
using As2.Agreements;
using As2.Storage;
using ManagedGateway.Api;
using ManagedGateway.Configuration;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Configuration.Code;
using ManagedGateway.Configuration.Desks;
using ManagedGateway.Listening;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Alerts;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Figures;
using ManagedGateway.Operations.Messages;
using ManagedGateway.Operations.Notices;
using ManagedGateway.Operations.Onboarding;
using ManagedGateway.Operations.Store;
using ManagedGateway.Operations.Tests;
using ManagedGateway.Secrets;
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
                    listen.UseHttps(gateway.GetRequiredService<SealedFiles>().LoadCertificate(file).Certificate);
            });
        });
        Share(builder.Services, gateway);
        AddServices(builder.Services, settings, data);
        var app = builder.Build();
        app.UseTrustedProxiesOfConsole(gateway.GetRequiredService<GatewaySettings>().Listen);
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
        Add<IStoreStatistics>();
        Add<PartnershipBook>();
        Add<As2.PartnerServices>();
        Add<As2.As2Sender>();
        Add<IPartnershipDirectory>();
        Add<As2.Transmission.MessageOperations>();
        Add<As2.AspNetCore.As2Settings>();
        Add<OperationsDatabase>();
        Add<AuditLog>();
        Add<IManagedStore>();
        Add<LiveSettings>();
        Add<SecretBox>();
        Add<SealedFiles>();
        Add<Accounts.AccountUses>();
        services.Replace(ServiceDescriptor.Singleton(gateway.GetRequiredService<ILoggerFactory>()));

        void Add<T>()
            where T : class => services.AddSingleton(gateway.GetRequiredService<T>());
    }

    private static void AddServices(IServiceCollection services, ConsoleSettings settings, string data)
    {
        services.AddSingleton<Users>().AddSingleton<Invitations>().AddSingleton<UserDesk>().AddSingleton<Sessions>().AddSingleton<ApiTokens>().AddSingleton<FirstRun>();
        services.AddSingleton<Organisations>().AddChanges();
        services.AddSingleton<MessageChanges>().AddSingleton<MessageDesk>().AddSingleton<FileIntake>();
        services.AddSingleton<Usage>().AddSingleton<Certificates>().AddSingleton<Dashboard>().AddSingleton<AccountList>();
        services.AddAlerts();
        services.AddAccessRules();
        services.AddSignInLimit().AddUploadLimit();
        services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = [.. settings.AllHosts]);
        services.AddHostFiltering(_ => { });
        services.AddCascadingAuthenticationState();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(mud => mud.SnackbarConfiguration.PositionClass = MudBlazor.Defaults.Classes.Position.BottomRight);
        services.AddApi();
        services.AddSingleton<ApiGuide>();
        services.AddForms();
    }

    private static void AddChanges(this IServiceCollection services) => services
        .AddSingleton<ChangeRules>().AddSingleton<SettingsChanges>().AddSingleton<OrganisationDesk>().AddSingleton<StationDesk>().AddSingleton<PartnershipDesk>()
        .AddSingleton<PartnerCertificateDesk>().AddSingleton<AccountDesk>().AddSingleton<ConnectionTest>().AddSingleton<ConfigurationCode>()
        .AddSingleton<AddressDesk>().AddSingleton<PublicAddresses>().AddSingleton<OnboardingLinks>().AddSingleton<OnboardingDesk>();

    private static void AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<Turns>().AddSingleton<AlertBook>().AddSingleton<NoticeDesk>().AddSingleton<Outbox>().AddSingleton<MessageFeed>().AddSingleton<ChecksContext>().AddSingleton<AuditChain>();
        services.AddSingleton<IAlertCheck, CertificateCheck>().AddSingleton<IAlertCheck, MessageCheck>().AddSingleton<IAlertCheck, GatewayCheck>().AddSingleton<IAlertCheck, NodeCheck>();
        services.AddSingleton<INoticeChannel, MailChannel>().AddSingleton<INoticeChannel, WebhookChannel>();
        services.AddSingleton<ServerCertificates>().AddHostedService(s => s.GetRequiredService<ServerCertificates>());
        services.AddSingleton<AlertEngine>().AddHostedService(s => s.GetRequiredService<AlertEngine>());
        services.AddHostedService<NoticeSender>().AddHostedService<StateWatch>();
    }

    private static void Map(WebApplication app)
    {
        app.UseHostFiltering();
        app.UsePageHeaders();
        app.UseExceptionHandler();
        app.UseSameOrigin();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "gateway.staticwebassets.endpoints.json")).AllowAnonymous();
        app.MapApi();
        app.MapRazorComponents<Console.App>().AddInteractiveServerRenderMode();
    }
}
