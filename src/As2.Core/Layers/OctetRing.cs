using System.Buffers;
using System.Runtime.ExceptionServices;

namespace As2.Layers;

/// <summary>
/// Takes octets on one thread and pushes them on from another, in order, through four blocks of 256 KiB: one is not enough to even out
/// what the two do. What the other thread throws is thrown to whoever pushes next.
/// </summary>
internal sealed class OctetRing : IDisposable
{
    private const int Blocks = 4;
    private const int BlockBytes = 256 << 10;

    private readonly byte[][] _blocks = [.. Enumerable.Range(0, Blocks).Select(_ => ArrayPool<byte>.Shared.Rent(BlockBytes))];
    private readonly int[] _lengths = new int[Blocks];
    private readonly SemaphoreSlim _free = new(Blocks);
    private readonly SemaphoreSlim _filled = new(0);
    private readonly IOctetSink _next;
    private readonly Thread _thread;
    private volatile ExceptionDispatchInfo? _fault;
    private volatile bool _isGivenUp;
    private bool _isFilling;
    private int _at;

    public OctetRing(IOctetSink next)
    {
        _next = next;
        _thread = new Thread(PushOn) { Name = "As2 second stage", IsBackground = true };
        _thread.Start();
    }

    public void Push(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            Begin();
            var taken = octets[..Math.Min(octets.Length, BlockBytes - _lengths[_at])];
            taken.CopyTo(_blocks[_at].AsSpan(_lengths[_at]));
            _lengths[_at] += taken.Length;
            octets = octets[taken.Length..];
            if (_lengths[_at] == BlockBytes)
                HandOver();
        }
    }

    /// <summary>Returns when everything was pushed on; the ring is disposed.</summary>
    public void Complete()
    {
        try
        {
            End();
            _fault?.Throw();
        }
        finally
        {
            Free();
        }
    }

    /// <summary>Gives up what was not pushed on yet.</summary>
    public void Dispose()
    {
        _isGivenUp = true;
        End();
        Free();
    }

    private void Begin()
    {
        if (_isFilling)
            return;
        _free.Wait();
        if (_fault is { } fault)
        {
            _free.Release();
            fault.Throw();
        }
        _lengths[_at] = 0;
        _isFilling = true;
    }

    private void HandOver()
    {
        _at = (_at + 1) % Blocks;
        _isFilling = false;
        _filled.Release();
    }

    /// <summary>Hands over the last octets and, as the end, an empty block.</summary>
    private void End()
    {
        if (_isFilling)
            HandOver();
        _free.Wait();
        _lengths[_at] = 0;
        HandOver();
        _thread.Join();
    }

    private void PushOn()
    {
        for (var at = 0; ; at = (at + 1) % Blocks)
        {
            _filled.Wait();
            if (_lengths[at] == 0)
                return;
            if (_fault is null && !_isGivenUp)
                PushOn(_blocks[at].AsSpan(0, _lengths[at]));
            _free.Release();
        }
    }

    private void PushOn(ReadOnlySpan<byte> octets)
    {
        try
        {
            _next.Push(octets);
        }
        catch (Exception e)
        {
            _fault = ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <summary>The blocks may have held plaintext.</summary>
    private void Free()
    {
        foreach (var block in _blocks)
            ArrayPool<byte>.Shared.Return(block, clearArray: true);
        _free.Dispose();
        _filled.Dispose();
    }
}
