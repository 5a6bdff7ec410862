using System.Globalization;

namespace As2.Storage.Sqlite;

/// <summary>Watches the room on the disk and the last commit. Thread-safe.</summary>
internal sealed class HealthWatch
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pauseForRoom = TimeSpan.FromSeconds(30);

    private readonly Func<long> _freeBytes;
    private readonly long _least;
    private readonly StoreClock _clock;
    private volatile Failure? _failure;
    private volatile string? _damage;
    private volatile Room _room;

    /// <param name="freeBytes">Asks the disk.</param>
    /// <param name="least">Below this, new work is refused.</param>
    /// <param name="clock">The store's clock.</param>
    public HealthWatch(Func<long> freeBytes, long least, StoreClock clock)
    {
        (_freeBytes, _least, _clock) = (freeBytes, least, clock);
        _room = new Room(long.MinValue, 0);
    }

    public StoreHealth Check()
    {
        if (_damage is { } damage)
            return new StoreHealth(damage, s_pauseForRoom);
        // After the pause one call passes as a probe: a commit that succeeds clears the failure.
        if (_failure is { } failure && _clock.Steady - failure.At < s_pause.TotalMilliseconds)
            return new StoreHealth(failure.Reason, s_pause);
        var free = FreeBytes();
        return free >= _least ? default : new StoreHealth(string.Create(CultureInfo.InvariantCulture,
            $"Only {free >> 20} MiB are free for the data folder; below {_least >> 20} MiB new work is refused. Free space on that disk."), s_pauseForRoom);
    }

    public void Succeeded() => _failure = null;

    /// <summary>The database is damaged: no new work before a person has looked.</summary>
    public void Damaged(As2Exception damage) => _damage = damage.Message;

    public void Failed(Exception fault)
    {
        // A change that is at fault itself says nothing of the store.
        if (fault is As2Exception { Id: not (StoreFault.KeyTaken or StoreFault.FileGone) })
            _failure = new Failure(_clock.Steady, fault.Message);
    }

    // The disk is asked once a second.
    private long FreeBytes()
    {
        var (now, room) = (_clock.Steady, _room);
        if (room.At == long.MinValue || now - room.At >= 1000)
            _room = room = new Room(now, _freeBytes());
        return room.FreeBytes;
    }

    private sealed record Failure(long At, string Reason);

    private sealed record Room(long At, long FreeBytes);
}
