namespace As2.Crash;

/// <summary>
/// Whether the gateway listens. While it is dead the outside world waits here, instead of spending the machine on connections that are
/// refused. Thread-safe.
/// </summary>
internal sealed class Listening
{
    private volatile TaskCompletionSource _begun = New();

    public void Begin() => _begun.TrySetResult();

    public void End()
    {
        if (_begun.Task.IsCompleted)
            _begun = New();
    }

    public Task WaitAsync(CancellationToken stop) => _begun.Task.WaitAsync(stop);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
