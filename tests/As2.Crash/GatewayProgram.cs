using As2.Ftp;
using As2.Ftp.Destinations;
using As2.Routes;
using As2.Storage;
using As2.Storage.Sqlite;
using ManagedGateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace As2.Crash;

/// <summary>The managed gateway as it is, with a route to an outside FTPS server, short leases, short retries and short retention.</summary>
internal static class GatewayProgram
{
    /// <summary>The route to the outside server.</summary>
    public const string OutsideRoute = "outside";

    /// <summary>How long a claimed job is a worker's own here.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    /// <summary>Below so many free bytes it takes no new work here.</summary>
    public const long Least = 64L << 20;

    public static async Task<int> RunAsync(CrashOptions options)
    {
        var settings = GatewaySettings.Load(options.Data!);
        await using var gateway = GatewayHost.Build(
            settings, new GatewayOptions { Data = options.Data!, Port = options.Port }, services => AddServices(services, settings, options));
        await gateway.StartAsync();
        Console.WriteLine("ready");
        if (Environment.GetEnvironmentVariable("AS2_CRASH_POINT")?.StartsWith("backup", StringComparison.Ordinal) == true)
            await gateway.Services.GetRequiredService<SqliteStore>().BackupAsync(options.Data + "-backup", CancellationToken.None);
        await gateway.WaitForShutdownAsync();
        return 0;
    }

    private static void AddServices(IServiceCollection services, GatewaySettings settings, CrashOptions options)
    {
        services.Configure<As2Options>(as2 =>
        {
            as2.Lease = Lease;
            as2.AnswerTimeout = TimeSpan.FromSeconds(15);
            as2.Retry = new Transmission.RetrySchedule { Waits = [TimeSpan.FromSeconds(0.5)] };
        });
        if (settings.Store is null)
        {
            services.RemoveAll<SqliteStore>();
            services.AddSqliteStore(store => (store.Folder, store.CheckTime, store.LeastFreeBytes) = (options.Data!, TimeSpan.FromSeconds(0.5), Least));
        }
        services.AddSingleton(new RetentionPolicy { Contents = TimeSpan.FromSeconds(30), Records = TimeSpan.FromMinutes(10) });
        services.AddSingleton<IPayloadDestination>(new FtpDestination(Outside(options)));
    }

    /// <summary>The customer's folder, as the gateway reaches it.</summary>
    public static FtpDestinationOptions Outside(CrashOptions options)
    {
        var account = options.Outside?.Client() ?? World.Client(options.OutsidePort, World.OutsideUser, options.Data!);
        return new FtpDestinationOptions { Name = OutsideRoute, Connect = async stop => await FtpClient.ConnectAsync(account, stop) };
    }
}
