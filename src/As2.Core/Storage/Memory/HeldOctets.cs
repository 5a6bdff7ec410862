namespace As2.Storage;

/// <summary>
/// Octets that a store in memory keeps outside of the collected heap: what stays for long is not moved from generation to generation. They
/// lie together in blocks; a block is freed when nothing refers to its contents any more. Immutable.
/// </summary>
internal sealed class HeldOctets
{
    private readonly HeldBlock _block;
    private readonly int _offset;
    private readonly int _length;

    internal HeldOctets(HeldBlock block, int offset, int length) => (_block, _offset, _length) = (block, offset, length);

    /// <summary>A copy.</summary>
    public byte[] ToArray()
    {
        var copy = GC.AllocateUninitializedArray<byte>(_length);
        _block.ReadSpan<byte>((ulong)_offset, copy);
        return copy;
    }

    /// <summary>Reads them where they are.</summary>
    public Stream OpenRead() => new UnmanagedMemoryStream(_block, _offset, _length, FileAccess.Read);
}
