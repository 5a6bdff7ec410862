namespace As2.Ftp;

/// <summary>A deadline that is moved with every step that went well: the caller's token and a timer in one.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _both;

    public Patience(TimeSpan limit, TimeProvider clock, CancellationToken caller)
    {
        (_caller, _limit) = (caller, limit);
        _timer = new CancellationTokenSource(limit, clock);
        _both = CancellationTokenSource.CreateLinkedTokenSource(caller, _timer.Token);
    }

    public CancellationToken Token => _both.Token;

    public void Restart() => _timer.CancelAfter(_limit);

    /// <summary>What the failure of a step means to our caller.</summary>
    public Exception Explain(Exception failure, string what) => failure switch
    {
        FtpException => failure,
        OperationCanceledException when _caller.IsCancellationRequested => new OperationCanceledException(_caller),
        OperationCanceledException => new FtpException(FtpFailure.Timeout, $"{what}: nothing came within {_limit.TotalSeconds:0} s."),
        _ => new FtpException(FtpFailure.Connection, $"{what}: {failure.Message}", inner: failure),
    };

    public void Dispose()
    {
        _both.Dispose();
        _timer.Dispose();
    }
}
