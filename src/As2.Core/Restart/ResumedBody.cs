namespace As2.Restart;

/// <summary>The range of a request does not continue what is held: 416.</summary>
/// <param name="held">Octets held.</param>
internal sealed class RangeRefusedException(long held) : Exception
{
    public long Held { get; } = held;
}

/// <summary>
/// The whole body of a transfer: the octets held, then those of the request, kept as they pass. Where the request repeats octets that
/// are held, they must be the same ones. Read once, forward only.
/// </summary>
internal sealed class ResumedBody(PartialBody partial, Stream rest, long first) : Stream
{
    private readonly long _held = partial.Length;
    private readonly long? _total = partial.Total;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = _position < first ? ReadHeld(buffer.Span) : await rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (_position >= first)
            Take(buffer.Span[..count]);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int ReadHeld(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, first - _position);
        partial.Read(buffer[..count], _position);
        return count;
    }

    private void Take(ReadOnlySpan<byte> octets)
    {
        if (_total is { } total && (octets.IsEmpty ? _position != total : _position + octets.Length > total))
            throw new RangeRefusedException(partial.Length);
        var repeated = (int)Math.Clamp(_held - _position, 0, octets.Length);
        if (!IsHeld(octets[..repeated]))
            throw new RangeRefusedException(partial.Length);
        partial.Append(octets[repeated..]);
    }

    private bool IsHeld(ReadOnlySpan<byte> octets)
    {
        Span<byte> block = stackalloc byte[4096];
        for (var at = 0; at < octets.Length; at += block.Length)
        {
            var some = block[..Math.Min(block.Length, octets.Length - at)];
            partial.Read(some, _position + at);
            if (!some.SequenceEqual(octets.Slice(at, some.Length)))
                return false;
        }
        return true;
    }
}
