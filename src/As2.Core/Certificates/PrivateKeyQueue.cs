using System.Threading.Tasks.Sources;

namespace As2.Certificates;

/// <summary>
/// Lets one private-key operation more run at once than there are cores, and the rest wait in order: an RSA operation is a millisecond
/// and more of a core, and more of them at once only make each one late. What a message needs last goes first: it frees what the message
/// holds. Once too many wait, new messages are turned away with 503 before anything is done for them, so that those taken are answered
/// within a bounded time whatever the load. Thread-safe.
/// </summary>
public sealed class PrivateKeyQueue
{
    internal const int DefaultMaxWaiting = 256;

    /// <summary>
    /// One more than there are cores: with as many, each thread that has answered a message hands its place to one that has to be woken, and spins
    /// for want of work itself.
    /// </summary>
    internal static readonly int Places = Environment.ProcessorCount + 1;

    private readonly Lock _gate = new();
    private readonly Queue<Turn> _first = [], _last = [];
    private readonly Stack<Turn> _unused = [];
    private readonly int _maxWaiting;
    private int _free = Places;
    private int _waiting;

    /// <param name="maxWaiting">Steps of messages that may wait before new messages are turned away; a message has two. Default: 256.</param>
    public PrivateKeyQueue(int maxWaiting = DefaultMaxWaiting) => _maxWaiting = maxWaiting;

    /// <summary>True while so many wait that nothing new should be begun.</summary>
    internal bool IsFull => Volatile.Read(ref _waiting) >= _maxWaiting;

    /// <summary>
    /// Waits for a place; to be given back at once after the operation, and never held over anything that waits itself. So a wait is short, and
    /// the token is looked at only when the place is there.
    /// </summary>
    /// <param name="isLast">True: it is the last operation of a message, and goes before those of others.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal ValueTask<Place> EnterAsync(bool isLast, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return new(new Place(this));
            }
            if (!_unused.TryPop(out var turn))
                turn = new Turn(this);
            (isLast ? _first : _last).Enqueue(turn);
            _waiting++;
            return turn.Begin(cancellationToken);
        }
    }

    private void Leave()
    {
        Turn? next;
        lock (_gate)
        {
            if (!_first.TryDequeue(out next) && !_last.TryDequeue(out next))
            {
                _free++;
                return;
            }
            _waiting--;
        }
        next.Come();
    }

    private void GiveBack(Turn turn)
    {
        lock (_gate)
            _unused.Push(turn);
    }

    /// <summary>A place among those that run; disposing gives it back.</summary>
    internal readonly struct Place(PrivateKeyQueue queue) : IDisposable
    {
        public void Dispose() => queue.Leave();
    }

    /// <summary>One that waits; used again once its place was taken.</summary>
    private sealed class Turn(PrivateKeyQueue queue) : IValueTaskSource<Place>
    {
        private ManualResetValueTaskSourceCore<Place> _source = new() { RunContinuationsAsynchronously = true };
        private CancellationToken _cancelled;

        public ValueTask<Place> Begin(CancellationToken cancellationToken)
        {
            _cancelled = cancellationToken;
            return new(this, _source.Version);
        }

        public void Come() => _source.SetResult(new Place(queue));

        public Place GetResult(short token)
        {
            var (place, cancelled) = (_source.GetResult(token), _cancelled);
            _source.Reset();
            _cancelled = default;
            queue.GiveBack(this);
            if (!cancelled.IsCancellationRequested)
                return place;
            place.Dispose();
            throw new OperationCanceledException(cancelled);
        }

        public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
            => _source.OnCompleted(continuation, state, token, flags);
    }
}
