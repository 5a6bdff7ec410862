using ManagedGateway.Operations.Alerts;

namespace ManagedGateway.Operations.Notices;

/// <summary>Keeps telling webhooks of messages.</summary>
internal sealed partial class StateWatch(MessageFeed feed, TimeProvider clock, ILogger<StateWatch> log) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                if (await ReadAsync(stoppingToken) == 0)
                    await Task.Delay(s_interval, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was not read is read after the next start.
        }
    }

    private async Task<int> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await feed.ReadStatesAsync(cancellationToken);
        }
        catch (Exception e) when (e is As2.As2Exception or IOException or System.Data.Common.DbException)
        {
            LogFailed(e.Message);
            return 0;
        }
    }

    [LoggerMessage(4222, LogLevel.Error, "What webhooks are told of messages could not be looked up: {Reason}")]
    private partial void LogFailed(string reason);
}
