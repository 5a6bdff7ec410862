namespace As2.Storage.Sqlite;

/// <summary>One caller's change, run by the writer inside a transaction that it may share with others'.</summary>
internal abstract class WriteCommand
{
    /// <summary>The crash point just before the commit that makes this change durable, or null.</summary>
    public string? BeforeCommit { get; init; }

    /// <summary>The crash point after that commit, before anybody learns of it, or null.</summary>
    public string? AfterCommit { get; init; }

    /// <summary>Runs the change. It may run again alone when the shared transaction failed, so it keeps no state of its own.</summary>
    public abstract void Run(SqlSession session);

    public abstract void Succeed();

    public abstract void Fail(Exception fault);

    /// <summary>True when the caller gave up before the change began.</summary>
    public abstract bool IsAbandoned();
}

/// <inheritdoc/>
internal sealed class WriteCommand<T> : WriteCommand
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<SqlSession, T> _change;
    private readonly CancellationToken _cancellation;
    private T? _result;

    public WriteCommand(Func<SqlSession, T> change, CancellationToken cancellationToken) => (_change, _cancellation) = (change, cancellationToken);

    public Task<T> Done => _done.Task;

    public override void Run(SqlSession session) => _result = _change(session);

    public override void Succeed() => _done.SetResult(_result!);

    public override void Fail(Exception fault) => _done.SetException(fault);

    public override bool IsAbandoned() => _cancellation.IsCancellationRequested && _done.TrySetCanceled(_cancellation);
}
