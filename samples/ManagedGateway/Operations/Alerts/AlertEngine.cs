namespace ManagedGateway.Operations.Alerts;

/// <summary>Looks every minute what a person must look at, and soon after a change of the configuration.</summary>
internal sealed partial class AlertEngine(AlertBook book, IEnumerable<IAlertCheck> checks, MessageFeed feed, TimeProvider clock, ILogger<AlertEngine> log) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);
    private readonly List<IAlertCheck> _checks = [.. checks];
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Looks now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var found = new List<AlertCondition>();
            foreach (var check in _checks)
                found.AddRange(await check.CheckAsync(cancellationToken));
            book.Reconcile(ChecksContext.Checked, found);
            await feed.ReadAlertsAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception e) when (e is As2.As2Exception or IOException or Microsoft.Data.Sqlite.SqliteException)
                {
                    // A look that failed is no reason to look no more.
                    LogFailed(e.Message);
                }
                await Task.Delay(s_interval, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(4221, LogLevel.Error, "What a person must look at could not be looked up: {Reason}")]
    private partial void LogFailed(string reason);
}
