using System.Collections.Concurrent;

namespace As2.Storage;

/// <summary>The standings of one process, forgotten with it. Thread-safe.</summary>
internal sealed class OwnStandings(TimeProvider clock) : IPartnerStandings
{
    private readonly ConcurrentDictionary<StandingKey, Kept> _kept = new();

    public ValueTask<PartnerStanding?> FindAsync(StandingKey key, bool fresh, CancellationToken cancellationToken)
        => ValueTask.FromResult(_kept.TryGetValue(key, out var kept) ? kept.Standing with { Left = kept.Standing.Left - clock.GetElapsedTime(kept.Since) } : null);

    public ValueTask<bool> ReplaceAsync(PartnerStanding standing, CancellationToken cancellationToken)
    {
        var next = new Kept(standing with { Version = standing.Version + 1 }, clock.GetTimestamp());
        if (standing.Version == 0)
            return ValueTask.FromResult(_kept.TryAdd(standing.Key, next));
        return ValueTask.FromResult(_kept.TryGetValue(standing.Key, out var kept) && kept.Standing.Version == standing.Version && _kept.TryUpdate(standing.Key, next, kept));
    }

    public ValueTask RemoveAsync(StandingKey key, CancellationToken cancellationToken)
    {
        _kept.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }

    private sealed record Kept(PartnerStanding Standing, long Since);
}
