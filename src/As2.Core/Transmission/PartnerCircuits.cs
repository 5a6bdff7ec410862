using System.Collections.Concurrent;
using System.Globalization;
using As2.Agreements;

namespace As2.Transmission;

/// <summary>
/// Leaves a partner alone that does not answer. After some failures in a row nobody connects before a growing pause is over; then one
/// message goes as a probe and the others wait for its outcome. A partner that refuses us (credentials, certificate, address) is left
/// alone at once, and longer. One that is slow has a few attempts under way and no more, so that the others' messages find a worker.
/// An agreement that was replaced begins anew. Thread-safe; forgotten with the process.
/// </summary>
internal sealed class PartnerCircuits(int failuresBeforePause, TimeProvider clock)
{
    /// <summary>The most attempts at once to one partner by workers, who have other partners' messages to see to.</summary>
    public const int MostOfWorkers = 8;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_probeTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pauseOfSlow = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(As2Identifier Local, As2Identifier Partner), Circuit> _circuits = new();

    /// <summary>Begins an attempt, perhaps as the probe, or says that it has to wait. Disposed of when the attempt ended.</summary>
    public Turn Enter(Partnership partnership, int mostUnderWay)
    {
        var circuit = Of(partnership);
        return circuit.Enter(clock, mostUnderWay) is { } pause ? new Turn(null, pause) : new Turn(circuit, null);
    }

    /// <summary>The partner answered in some way.</summary>
    /// <returns>True when it had been refusing us until now.</returns>
    public bool Answered(Partnership partnership) => Of(partnership).Close();

    /// <summary>The partner did not answer, or said that it cannot.</summary>
    public void Failed(Partnership partnership, string reason)
    {
        if (failuresBeforePause > 0)
            Of(partnership).Fail(clock, failuresBeforePause, reason);
    }

    /// <summary>The partner refuses us; look again after <paramref name="time"/>.</summary>
    public void Refused(Partnership partnership, TimeSpan time, string reason) => Of(partnership).Refuse(clock, time, reason);

    /// <summary>Nothing is known of the partner any more.</summary>
    public void Forget(As2Identifier local, As2Identifier partner) => _circuits.TryRemove((local, partner), out _);

    private Circuit Of(Partnership partnership) => _circuits.AddOrUpdate(
        (partnership.Local, partnership.Partner), _ => new Circuit(partnership),
        (_, known) => ReferenceEquals(known.Agreement, partnership) ? known : new Circuit(partnership));

    /// <summary>A place among the attempts that are under way, or how long to wait for one and why.</summary>
    internal readonly struct Turn(Circuit? circuit, (TimeSpan Wait, string Reason)? pause) : IDisposable
    {
        public (TimeSpan Wait, string Reason)? Pause => pause;

        public void Dispose() => circuit?.Leave();
    }

    internal sealed class Circuit(Partnership agreement)
    {
        private readonly Lock _gate = new();
        private int _underWay;
        private int _failures;
        private TimeSpan _pause;
        private long? _openUntil;
        private bool _isProbed;
        private bool _refused;
        private string _reason = "";

        public Partnership Agreement => agreement;

        public (TimeSpan, string)? Enter(TimeProvider clock, int mostUnderWay)
        {
            lock (_gate)
            {
                var left = _openUntil is { } until ? TimeSpan.FromMilliseconds(until - Now(clock)) : TimeSpan.Zero;
                if (left > TimeSpan.Zero)
                    return (left, _reason);
                if (_underWay >= mostUnderWay)
                    return (s_pauseOfSlow, $"{_underWay} messages to this partner are under way already");
                // This one is the probe; whoever comes before its outcome waits as long as a probe may take.
                _isProbed = _openUntil is not null;
                if (_isProbed)
                    _openUntil = Now(clock) + (long)s_probeTime.TotalMilliseconds;
                _underWay++;
                return null;
            }
        }

        public void Leave()
        {
            lock (_gate)
                _underWay--;
        }

        public bool Close()
        {
            lock (_gate)
            {
                var wasRefused = _refused;
                (_failures, _openUntil, _refused) = (0, null, false);
                return wasRefused;
            }
        }

        public void Fail(TimeProvider clock, int failuresBeforePause, string reason)
        {
            lock (_gate)
            {
                if (++_failures < failuresBeforePause)
                    return;
                // Attempts that were under way when the pause began say nothing new: only the probe lengthens it.
                if (_openUntil > Now(clock) && !_isProbed)
                    return;
                _isProbed = false;
                _pause = _openUntil is null || _pause == TimeSpan.Zero ? s_firstPause : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, s_longestPause.Ticks));
                Open(clock, _pause, string.Create(CultureInfo.InvariantCulture, $"{_failures} attempts in a row had no answer, the last one: {reason}"));
            }
        }

        public void Refuse(TimeProvider clock, TimeSpan time, string reason)
        {
            lock (_gate)
            {
                _refused = true;
                Open(clock, time, reason);
            }
        }

        private void Open(TimeProvider clock, TimeSpan time, string reason)
            => (_openUntil, _reason) = (Now(clock) + (long)time.TotalMilliseconds, reason);

        private static long Now(TimeProvider clock) => (long)clock.GetElapsedTime(0).TotalMilliseconds;
    }
}
