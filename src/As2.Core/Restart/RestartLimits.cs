namespace As2.Restart;

/// <summary>
/// What is kept of messages whose transfer was cut, so that their senders can resume them (draft-harding-as2-restart §4). What goes
/// beyond a bound is not kept, and is sent whole. Immutable.
/// </summary>
public sealed record RestartLimits
{
    /// <summary>Transfers of one partnership kept at once; the oldest make room. Default: 16; 0 keeps nothing.</summary>
    public int MaxTransfers { get; init; } = 16;

    /// <summary>Bytes kept for one partnership. Default: 4 GiB; 0 keeps nothing.</summary>
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>How long a part waits for the rest. Default: one day.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>True when nothing is kept at all.</summary>
    internal bool KeepsNothing => MaxTransfers <= 0 || MaxBytes <= 0 || MaxAge <= TimeSpan.Zero;
}
