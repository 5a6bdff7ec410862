namespace As2.Tool.Capture;

/// <summary>Reads a captured file forward through one buffer, with a look ahead.</summary>
internal sealed class CaptureInput(Stream source) : IDisposable
{
    private const int BufferBytes = 256 << 10;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;

    /// <summary>What comes next, up to <paramref name="count"/> octets; fewer only at the end. At most 256 KiB.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (_end - _start < count && Fill())
        {
        }
        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    /// <summary>Passes over octets that were peeked.</summary>
    public void Skip(int count) => _start += count;

    /// <summary>Reads some octets; 0 at the end.</summary>
    public int Read(Span<byte> destination)
    {
        if (_start == _end && (destination.IsEmpty || !Fill()))
            return 0;
        var count = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }

    /// <summary>The next octet, or -1.</summary>
    public int ReadByte() => _start < _end || Fill() ? _buffer[_start++] : -1;

    public void Dispose() => source.Dispose();

    private bool Fill()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_end == BufferBytes)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        var read = _end < BufferBytes ? source.Read(_buffer, _end, BufferBytes - _end) : 0;
        _end += read;
        return read > 0;
    }
}
