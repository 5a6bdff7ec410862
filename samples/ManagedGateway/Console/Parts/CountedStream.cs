namespace ManagedGateway.Console.Parts;

/// <summary>Tells how far a long upload is, some times a second at most.</summary>
internal sealed class CountedStream(Stream inner, Action<long> tell) : Stream
{
    private const long EveryMilliseconds = 250;

    private long _taken;
    private long _told = Environment.TickCount64;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _taken; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        _taken += read;
        if (read == 0 || Environment.TickCount64 - _told >= EveryMilliseconds)
        {
            _told = Environment.TickCount64;
            tell(_taken);
        }
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
