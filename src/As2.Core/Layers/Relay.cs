using System.Diagnostics;

namespace As2.Layers;

/// <summary>
/// Hands octets on as they come, and from 4 MiB on through a second thread, so that two stages of a large message work at once. It
/// stays with one thread while the process has no core to spare, where a second one would only cost, and looks again every 4 MiB.
/// </summary>
internal sealed class Relay(IOctetSink next) : OctetStage
{
    private const long Stretch = 4 << 20;

    /// <summary>What is left of a stretch when the look begins: a small message never asks for the time.</summary>
    private const long Watched = 3 << 20;

    private static readonly int s_cores = Environment.ProcessorCount;
    private static int s_threads;

    private OctetRing? _ring;
    private long _left = Stretch;
    private (long Wall, TimeSpan Cpu) _start;

    public override void Push(ReadOnlySpan<byte> octets)
    {
        if (_ring is not null)
        {
            _ring.Push(octets);
            return;
        }
        if (_left > Watched && _left - octets.Length <= Watched)
            _start = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        _left -= octets.Length;
        next.Push(octets);
        if (_left > 0)
            return;
        _left = Stretch;
        if (HasCoreToSpare() && TryTakeThread())
            _ring = new OctetRing(next);
    }

    /// <summary>Returns when everything was handed on.</summary>
    public override void Complete()
    {
        var ring = Release();
        ring?.Complete();
    }

    public override void Dispose() => Release()?.Dispose();

    private OctetRing? Release()
    {
        var ring = _ring;
        _ring = null;
        if (ring is not null)
            Interlocked.Decrement(ref s_threads);
        return ring;
    }

    /// <summary>True when this process has left three quarters of a core idle since the stretch began.</summary>
    private bool HasCoreToSpare()
        => (Environment.CpuUsage.TotalTime - _start.Cpu) / Stopwatch.GetElapsedTime(_start.Wall) < s_cores - 0.75;

    /// <summary>One such thread for two cores.</summary>
    private static bool TryTakeThread()
    {
        if (Interlocked.Increment(ref s_threads) <= s_cores / 2)
            return true;
        Interlocked.Decrement(ref s_threads);
        return false;
    }
}
