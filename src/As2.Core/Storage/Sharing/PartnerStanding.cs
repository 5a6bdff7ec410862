using System.Globalization;
using As2.Agreements;

namespace As2.Storage;

/// <summary>Whose standing it is, and for what: <c>send</c> or <c>receipt</c>.</summary>
internal readonly record struct StandingKey(string Purpose, As2Identifier Local, As2Identifier Partner);

/// <summary>How a partner stands that did not answer, or that refuses us; one that answers has none.</summary>
/// <param name="Key">Whose.</param>
internal sealed record PartnerStanding(StandingKey Key)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(5);

    /// <summary>How long a probe may take.</summary>
    public static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(30);

    /// <summary>Rises with every change; 0 before it is kept.</summary>
    public long Version { get; init; }

    /// <summary>Attempts in a row that had no answer.</summary>
    public int Failures { get; init; }

    /// <summary>The last pause.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>How long nobody connects any more, from the moment at which this was read; not above zero: somebody may probe; null: there is no pause.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>A probe is under way.</summary>
    public bool IsProbed { get; init; }

    /// <summary>It refuses us.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whoever asks next waits as long as a probe may take.</summary>
    public PartnerStanding Probe() => this with { IsProbed = true, Left = ProbeTime };

    /// <summary>Another attempt without an answer.</summary>
    public PartnerStanding Fail(int failuresBeforePause, string reason)
    {
        var failed = this with { Failures = Failures + 1 };
        // Attempts that were under way when the pause began say nothing new: only the probe lengthens it.
        if (failed.Failures < failuresBeforePause || (Left > TimeSpan.Zero && !IsProbed))
            return failed;
        var pause = Left is null || Pause == TimeSpan.Zero ? s_firstPause : TimeSpan.FromTicks(Math.Min(Pause.Ticks * 2, s_longestPause.Ticks));
        return failed with
        {
            Pause = pause, Left = pause, IsProbed = false,
            Reason = string.Create(CultureInfo.InvariantCulture, $"{failed.Failures} attempts in a row had no answer, the last one: {reason}"),
        };
    }

    /// <summary>The partner refuses us: nobody tries before <paramref name="time"/> is over.</summary>
    public PartnerStanding Refuse(TimeSpan time, string reason) => this with { IsRefused = true, Left = time, Reason = reason };
}
