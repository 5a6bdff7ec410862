namespace ManagedGateway.Operations.Alerts;

/// <summary>
/// Looks every minute what a person must look at. Each node looks at its own machine; at what all share looks one of them, whichever comes
/// first.
/// </summary>
internal sealed partial class AlertEngine(AlertBook book, IEnumerable<IAlertCheck> checks, MessageFeed feed, ChecksContext context, TimeProvider clock, ILogger<AlertEngine> log) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);
    private readonly List<IAlertCheck> _checks = [.. checks];
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Looks at everything now.</summary>
    public Task LookAsync(CancellationToken cancellationToken) => LookAsync(always: true, cancellationToken);

    private async Task LookAsync(bool always, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            book.Reconcile(context.Node, await FindAsync(ofNode: true, cancellationToken));
            if (book.TakeTurn(always) is not { } turn)
                return;
            book.Reconcile(turn, await FindAsync(ofNode: false, cancellationToken));
            await feed.ReadAlertsAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<IReadOnlyList<AlertCondition>> FindAsync(bool ofNode, CancellationToken cancellationToken)
    {
        var found = new List<AlertCondition>();
        foreach (var check in _checks.Where(c => c.IsOfNode == ofNode))
            found.AddRange(await check.CheckAsync(cancellationToken));
        return found;
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
                    await LookAsync(always: false, stoppingToken);
                }
                catch (Exception e) when (e is As2.As2Exception or IOException or System.Data.Common.DbException)
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
