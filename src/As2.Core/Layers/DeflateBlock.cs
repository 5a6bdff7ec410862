using System.Buffers.Binary;
using System.IO.Compression;

namespace As2.Layers;

/// <summary>A piece of content that is compressed by itself, on whatever thread (RFC 1951). It ends at an octet, and is not the last of its stream.</summary>
internal sealed class DeflateBlock : IDisposable
{
    /// <summary>Content of one block: larger ones gain less than a part in a hundred, and cost memory.</summary>
    public const int Capacity = 256 << 10;

    private const int MaxStored = 65535;

    private readonly PooledBuffer _content = new();
    private readonly PooledBuffer _deflated = new();

    public bool IsEmpty => _content.Length == 0;

    public bool IsFull => _content.Length == Capacity;

    /// <summary>True when compressing did not make it smaller, or was not tried: it goes out as it is.</summary>
    public bool IsStored => _deflated.Length == 0 || _deflated.Length >= _content.Length;

    /// <summary>Takes octets up to the capacity and says how many.</summary>
    public int Fill(ReadOnlySpan<byte> octets)
    {
        var taken = Math.Min(octets.Length, Capacity - _content.Length);
        _content.Append(octets[..taken]);
        return taken;
    }

    /// <summary>Compresses the content.</summary>
    public void Compress(int level)
    {
        var deflater = new DeflateStream(new SinkStream(_deflated.Append), new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
        deflater.Write(_content.Span);
        deflater.Flush();
        var length = _deflated.Length;
        // What closing adds would end the whole stream.
        deflater.Dispose();
        _deflated.Truncate(length);
    }

    /// <summary>Writes the block in the form that is shorter.</summary>
    public void WriteTo(CmsContentWriter output)
    {
        if (!IsStored)
        {
            output.Append(_deflated.Span);
            return;
        }
        Span<byte> header = stackalloc byte[5];
        for (var rest = (ReadOnlySpan<byte>)_content.Span; !rest.IsEmpty; rest = rest[Math.Min(MaxStored, rest.Length)..])
        {
            var length = (ushort)Math.Min(MaxStored, rest.Length);
            header[0] = 0;
            BinaryPrimitives.WriteUInt16LittleEndian(header[1..], length);
            BinaryPrimitives.WriteUInt16LittleEndian(header[3..], (ushort)~length);
            output.Append(header);
            output.Append(rest[..length]);
        }
    }

    public void Dispose()
    {
        _content.Dispose();
        _deflated.Dispose();
    }
}
