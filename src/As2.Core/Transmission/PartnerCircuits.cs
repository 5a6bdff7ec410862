using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using As2.Agreements;
using As2.Storage;

namespace As2.Transmission;

/// <summary>
/// Leaves a partner alone that does not answer. After some failures in a row nobody connects before a growing pause is over; then one
/// message goes as a probe and the others wait for its outcome. A partner that refuses us (credentials, certificate, address) is left
/// alone at once, and longer. All of this holds for every node where the store keeps it for them. One that is slow has a few attempts of
/// this process under way and no more, so that the others' messages find a worker. An agreement that was replaced begins anew. Thread-safe.
/// </summary>
internal sealed class PartnerCircuits(IPartnerStandings standings, string purpose, int failuresBeforePause)
{
    /// <summary>The most attempts at once to one partner by workers, who have other partners' messages to see to.</summary>
    public const int MostOfWorkers = 8;

    // Two that fail at once meet; ten do not in a row.
    private const int MaxTries = 10;

    private static readonly TimeSpan s_pauseOfSlow = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(As2Identifier Local, As2Identifier Partner), Partnership> _agreements = new();
    private readonly ConcurrentDictionary<(As2Identifier Local, As2Identifier Partner), StrongBox<int>> _underWay = new();

    /// <summary>Begins an attempt, perhaps as the probe, or says that it has to wait. Disposed of when the attempt ended.</summary>
    public async ValueTask<Turn> EnterAsync(Partnership partnership, int mostUnderWay, CancellationToken cancellationToken)
    {
        var standing = await FindAsync(partnership, cancellationToken).ConfigureAwait(false);
        if (standing?.Left > TimeSpan.Zero)
            return new Turn(null, (standing.Left.Value, standing.Reason));
        var places = _underWay.GetOrAdd((partnership.Local, partnership.Partner), _ => new StrongBox<int>());
        if (Interlocked.Increment(ref places.Value) > mostUnderWay)
        {
            var others = Interlocked.Decrement(ref places.Value);
            return new Turn(null, (s_pauseOfSlow, $"{others} messages to this partner are under way already"));
        }
        // This one is the probe, unless another one is.
        if (standing?.Left is null || await standings.ReplaceAsync(standing.Probe(), cancellationToken).ConfigureAwait(false))
            return new Turn(places, null);
        Interlocked.Decrement(ref places.Value);
        return new Turn(null, (PartnerStanding.ProbeTime, standing.Reason));
    }

    /// <summary>The partner answered in some way.</summary>
    /// <returns>True when it had been refusing us until now.</returns>
    public async ValueTask<bool> AnsweredAsync(Partnership partnership, CancellationToken cancellationToken)
    {
        if (await FindAsync(partnership, cancellationToken).ConfigureAwait(false) is not { } standing)
            return false;
        await standings.RemoveAsync(standing.Key, cancellationToken).ConfigureAwait(false);
        return standing.IsRefused;
    }

    /// <summary>The partner did not answer, or said that it cannot.</summary>
    public ValueTask FailedAsync(Partnership partnership, string reason, CancellationToken cancellationToken)
        => failuresBeforePause > 0 ? ChangeAsync(partnership, standing => standing.Fail(failuresBeforePause, reason), cancellationToken) : ValueTask.CompletedTask;

    /// <summary>The partner refuses us; look again after <paramref name="time"/>.</summary>
    public ValueTask RefusedAsync(Partnership partnership, TimeSpan time, string reason, CancellationToken cancellationToken)
        => ChangeAsync(partnership, standing => standing.Refuse(time, reason), cancellationToken);

    /// <summary>Nothing is known of the partner any more.</summary>
    public ValueTask ForgetAsync(As2Identifier local, As2Identifier partner, CancellationToken cancellationToken)
        => standings.RemoveAsync(new StandingKey(purpose, local, partner), cancellationToken);

    private async ValueTask<PartnerStanding?> FindAsync(Partnership partnership, CancellationToken cancellationToken)
    {
        var (key, pair) = (new StandingKey(purpose, partnership.Local, partnership.Partner), (partnership.Local, partnership.Partner));
        var known = _agreements.GetOrAdd(pair, partnership);
        if (!ReferenceEquals(known, partnership) && _agreements.TryUpdate(pair, partnership, known))
            await standings.RemoveAsync(key, cancellationToken).ConfigureAwait(false);
        return await standings.FindAsync(key, fresh: false, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ChangeAsync(Partnership partnership, Func<PartnerStanding, PartnerStanding> change, CancellationToken cancellationToken)
    {
        var key = new StandingKey(purpose, partnership.Local, partnership.Partner);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var standing = await standings.FindAsync(key, fresh: true, cancellationToken).ConfigureAwait(false) ?? new PartnerStanding(key);
            if (await standings.ReplaceAsync(change(standing), cancellationToken).ConfigureAwait(false))
                return;
        }
    }

    /// <summary>A place among the attempts that are under way, or how long to wait for one and why.</summary>
    internal readonly struct Turn(StrongBox<int>? places, (TimeSpan Wait, string Reason)? pause) : IDisposable
    {
        public (TimeSpan Wait, string Reason)? Pause => pause;

        public void Dispose()
        {
            if (places is not null)
                Interlocked.Decrement(ref places.Value);
        }
    }
}
