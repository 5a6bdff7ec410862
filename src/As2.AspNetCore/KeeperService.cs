using As2.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace As2.AspNetCore;

/// <summary>Keeps the store in its bounds: at start and every hour, where the store is one that needs keeping.</summary>
internal sealed partial class KeeperService(IServiceProvider services, RetentionPolicy policy, TimeProvider clock, ILogger<KeeperService> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<IStoreKeeping>() is not { } store)
            return;
        var keeper = new StoreKeeper(store, services.GetRequiredService<IBlobStore>(), policy);
        try
        {
            while (true)
            {
                await RunAsync(keeper, stoppingToken).ConfigureAwait(false);
                await Task.Delay(s_interval, clock, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; a round that broke off goes on at the next start.
        }
    }

    private async Task RunAsync(StoreKeeper keeper, CancellationToken stoppingToken)
    {
        try
        {
            await keeper.RunAsync(stoppingToken).ConfigureAwait(false);
            services.GetRequiredService<StorageServices>().Partials?.Collect();
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it is, a folder that cannot be listed too: a service that ends would take the whole host with it.
            LogBroken(e);
        }
    }

    [LoggerMessage(4201, LogLevel.Warning, "The store's retention broke off; it goes on in an hour")]
    private partial void LogBroken(Exception e);
}
