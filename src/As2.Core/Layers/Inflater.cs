using System.Buffers;
using System.IO.Compression;

namespace As2.Layers;

/// <summary>
/// Turns the platform's zlib reader, which pulls, into a stage that is pushed: it reads from a feed that holds only what was pushed
/// last, and stops where the feed is empty.
/// </summary>
internal sealed class Inflater : OctetStage
{
    private const int Piece = 32 << 10;

    /// <summary>Below this much output no ratio is judged: short headers compress well.</summary>
    private const long RatioFloor = 1 << 20;

    private readonly LayerLimits _limits;
    private readonly OctetStage _next;
    private readonly Feed _feed = new();
    private readonly ZLibStream _zlib;
    private readonly byte[] _output = ArrayPool<byte>.Shared.Rent(Piece);
    private long _taken;
    private long _given;

    public Inflater(LayerLimits limits, OctetStage next)
    {
        (_limits, _next) = (limits, next);
        _zlib = new ZLibStream(_feed, CompressionMode.Decompress, leaveOpen: true);
    }

    public override unsafe void Push(ReadOnlySpan<byte> octets)
    {
        _taken += octets.Length;
        fixed (byte* start = octets)
        {
            _feed.Offer(start, octets.Length);
            try
            {
                Drain();
            }
            catch (InvalidDataException malformed)
            {
                throw Faults.Decompression("The compressed octets are no zlib stream.", malformed);
            }
        }
    }

    /// <summary>Asks for more once: a stream that has ended, checksum and all (RFC 1950 §2.2), does not look for input.</summary>
    public override void Complete()
    {
        _feed.WasAsked = false;
        if (_zlib.Read(_output, 0, 1) != 0 || _feed.WasAsked)
            throw Faults.Decompression("The zlib stream ends too early.");
    }

    public override void Dispose()
    {
        _zlib.Dispose();
        ArrayPool<byte>.Shared.Return(_output, clearArray: true);
    }

    private void Drain()
    {
        int length;
        while ((length = _zlib.Read(_output)) > 0)
        {
            _given += length;
            if (_given > _limits.MaxPayloadBytes || (_given > RatioFloor && _given / _limits.MaxExpansionRatio > _taken))
                throw Faults.Decompression($"{_taken} compressed bytes expand to more than {_given - 1} (limits: {_limits.MaxPayloadBytes} bytes, {_limits.MaxExpansionRatio} to 1).");
            _next.Push(_output.AsSpan(0, length));
        }
    }

    /// <summary>Holds the octets of one push while it lasts.</summary>
    private sealed unsafe class Feed : Stream
    {
        private byte* _start;
        private int _length;

        public bool WasAsked { get; set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Offer(byte* start, int length)
        {
            _start = start;
            _length = length;
        }

        public override int Read(Span<byte> buffer)
        {
            WasAsked = true;
            var given = Math.Min(buffer.Length, _length);
            new ReadOnlySpan<byte>(_start, given).CopyTo(buffer);
            _start += given;
            _length -= given;
            return given;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
