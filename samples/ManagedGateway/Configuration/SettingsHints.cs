using As2.AspNetCore;
using ManagedGateway.Operations.Store;
using Npgsql;

namespace ManagedGateway.Configuration;

/// <summary>Takes up at once what another node saved. The engine looks every two seconds by itself, so that a hint that is lost costs no more than those.</summary>
internal sealed class SettingsHints(OperationsDatabase database, As2Settings engine, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_pauseAfterFault = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (database is PostgresOperations shared && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await shared.ListenAsync(() => engine.Reload(), stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
            {
                // Whoever works with the database reports its trouble.
                await Task.Delay(s_pauseAfterFault, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
