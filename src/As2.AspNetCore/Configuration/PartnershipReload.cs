using Microsoft.Extensions.Hosting;

namespace As2.AspNetCore.Configuration;

/// <summary>
/// Reads the settings when the host starts, so that a mistake stops it before a port opens, and again when they or a certificate file
/// changed, and once a day for the certificates' sake.
/// </summary>
internal sealed class PartnershipReload(As2Settings settings, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_daily = TimeSpan.FromDays(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        settings.Begin();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var before = settings.Stamp();
        try
        {
            while (true)
            {
                await Task.Delay(s_interval, clock, stoppingToken).ConfigureAwait(false);
                var now = settings.Stamp();
                // A change counts when it has come to rest: nobody reads a file that is being written.
                if (now == before && (now != settings.ReadStamp || clock.GetUtcNow() - settings.ReadAt > s_daily))
                    settings.Reload();
                before = now;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
