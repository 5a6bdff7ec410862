namespace As2.Certificates;

/// <summary>
/// Lets as many private-key operations run at once as there are cores, and the rest wait in order: an RSA operation is a millisecond
/// and more of a core, and more of them at once only make each one late. Once too many wait, new messages are turned away with 503
/// before anything is done for them, so that those taken are answered within a bounded time whatever the load. Thread-safe.
/// </summary>
#pragma warning disable CA1001 // A semaphore holds nothing but memory until somebody asks for its wait handle.
public sealed class PrivateKeyQueue
#pragma warning restore CA1001
{
    internal const int DefaultMaxWaiting = 256;

    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount);
    private readonly int _maxWaiting;
    private int _waiting;

    /// <param name="maxWaiting">Steps of messages that may wait before new messages are turned away; a message has two. Default: 256.</param>
    public PrivateKeyQueue(int maxWaiting = DefaultMaxWaiting) => _maxWaiting = maxWaiting;

    /// <summary>True while so many wait that nothing new should be begun.</summary>
    internal bool IsFull => Volatile.Read(ref _waiting) >= _maxWaiting;

    /// <summary>Waits for a place; to be given back at once after the operation, and never held over anything that waits itself.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal ValueTask<Place> EnterAsync(CancellationToken cancellationToken)
        => _places.Wait(0, CancellationToken.None) ? ValueTask.FromResult(new Place(_places)) : WaitAsync(cancellationToken);

    private async ValueTask<Place> WaitAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new Place(_places);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>A place among those that run; disposing gives it back.</summary>
    internal readonly struct Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
