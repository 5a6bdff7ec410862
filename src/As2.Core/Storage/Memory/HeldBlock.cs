using System.Runtime.InteropServices;

namespace As2.Storage;

/// <summary>A block of <see cref="HeldOctets"/>, filled from its start.</summary>
internal sealed class HeldBlock : SafeBuffer
{
    private const int Bytes = 1 << 20;

    private static readonly Lock s_gate = new();
    private static HeldBlock? s_current;
    private int _used;

    private HeldBlock(int length) : base(ownsHandle: true)
    {
        SetHandle(Marshal.AllocHGlobal(length));
        Initialize((ulong)length);
    }

    /// <summary>Keeps a copy.</summary>
    public static HeldOctets Hold(ReadOnlySpan<byte> octets)
    {
        var (block, offset) = Reserve(octets.Length);
        block.WriteSpan((ulong)offset, octets);
        return new HeldOctets(block, offset, octets.Length);
    }

    protected override bool ReleaseHandle()
    {
        Marshal.FreeHGlobal(handle);
        return true;
    }

    private static (HeldBlock Block, int Offset) Reserve(int length)
    {
        lock (s_gate)
        {
            if (s_current is null || s_current._used + length > Bytes)
                s_current = new HeldBlock(Bytes);
            var offset = s_current._used;
            s_current._used += length;
            return (s_current, offset);
        }
    }
}
