using System.Text;

namespace As2.Storage;

/// <summary>
/// Octets that a store in memory keeps outside of the collected heap: what stays for long is not moved from generation to generation. They
/// lie together in blocks; a block is freed when nothing refers to its contents any more. Immutable.
/// </summary>
internal readonly struct HeldOctets
{
    private readonly HeldBlock _block;
    private readonly int _offset;
    private readonly int _length;

    internal HeldOctets(HeldBlock block, int offset, int length) => (_block, _offset, _length) = (block, offset, length);

    /// <summary>Where they are; to be written once.</summary>
    internal Span<byte> Span => _block.Slice(_offset, _length);

    /// <summary>A copy.</summary>
    public byte[] ToArray()
    {
        var copy = Span.ToArray();
        GC.KeepAlive(_block);
        return copy;
    }

    /// <summary>UTF-8 as text.</summary>
    public override string ToString()
    {
        var text = Encoding.UTF8.GetString(Span);
        GC.KeepAlive(_block);
        return text;
    }

    /// <summary>Reads them where they are.</summary>
    public Stream OpenRead() => new UnmanagedMemoryStream(_block, _offset, _length, FileAccess.Read);
}
