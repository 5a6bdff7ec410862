namespace As2.Testing;

/// <summary>A clock that stands still until a test moves it; timers fire as it passes them. Thread-safe.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private long _ticks;

    /// <summary>Told how much time passed, before the timers are: for a clock elsewhere that follows this one.</summary>
    public event Action<TimeSpan>? Passed;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
            return _ticks;
    }

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan span)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            _now += span;
            _ticks += span.Ticks;
            due = [.. _timers.Where(t => t.Due <= _ticks)];
            due.ForEach(t => t.Due = long.MaxValue);
        }
        Passed?.Invoke(span);
        due.ForEach(t => t.Fire());
    }

    /// <summary>Somebody sets the date; no time passes.</summary>
    public void SetDate(DateTimeOffset now)
    {
        lock (_gate)
            _now = now;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
            _timers.Add(timer);
        return timer;
    }

    // Fires once; nothing here needs a period.
    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public long Due { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
                Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time._ticks + dueTime.Ticks;
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
