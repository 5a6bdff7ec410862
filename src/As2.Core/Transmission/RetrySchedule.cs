namespace As2.Transmission;

/// <summary>When a message without outcome goes again: growing intervals, then a plateau, until it expires. Immutable.</summary>
public sealed record RetrySchedule
{
    /// <summary>1, 5, 10, 20, 40, 60 minutes, then every 60 minutes, for 72 hours, each ±20 %.</summary>
    public static readonly RetrySchedule Default = new();

    /// <summary>The waits after the first, second, … attempt; the last one repeats.</summary>
    public IReadOnlyList<TimeSpan> Waits { get; init; } =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(60)];

    /// <summary>After this age a message expires. Default: 72 hours.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromHours(72);

    /// <summary>The random part of each wait, as a fraction of it, from 0 to 1. Default: 0.2.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>The wait after an attempt; null when the message has expired.</summary>
    /// <param name="attempts">Attempts made so far, from 1.</param>
    /// <param name="age">The age of the message.</param>
    /// <param name="retryAfter">What the partner asked for; a longer wait than ours is honoured up to one day.</param>
    public TimeSpan? NextWait(int attempts, TimeSpan age, TimeSpan? retryAfter = null)
    {
        if (age >= Total)
            return null;
        var wait = Waits[Math.Clamp(attempts - 1, 0, Waits.Count - 1)];
        wait *= 1 + Jitter * (2 * Random.Shared.NextDouble() - 1);
        var asked = retryAfter is { } r ? TimeSpan.FromTicks(Math.Min(r.Ticks, TimeSpan.TicksPerDay)) : TimeSpan.Zero;
        return wait > asked ? wait : asked;
    }
}
