namespace As2.Storage;

/// <summary>
/// The store's two clocks. Due times and leases go by one that a change of the system's date does not move; what people read goes by
/// the date. Both in milliseconds since 1970, the precision that a store keeps.
/// </summary>
internal sealed class StoreClock
{
    private readonly TimeProvider _time;
    private readonly long _startTimestamp;
    private readonly long _start;

    public StoreClock(TimeProvider time)
    {
        _time = time;
        _startTimestamp = time.GetTimestamp();
        _start = time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>For due times and leases.</summary>
    public long Steady => _start + (long)_time.GetElapsedTime(_startTimestamp).TotalMilliseconds;

    /// <summary>For dates that people read.</summary>
    public long Wall => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A moment from its milliseconds.</summary>
    public static DateTimeOffset Moment(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
