using System.Runtime.InteropServices;
using System.Text;

namespace As2.Storage;

/// <summary>A block of <see cref="HeldOctets"/>, filled from its start.</summary>
internal sealed unsafe class HeldBlock : SafeBuffer
{
    private const int Bytes = 1 << 20;

    private static readonly Lock s_gate = new();
    private static HeldBlock? s_current;
    private int _used;

    private HeldBlock(int length) : base(ownsHandle: true)
    {
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)length, (nuint)Environment.SystemPageSize));
        Initialize((ulong)length);
        // All of it will be written: one call instead of a fault for each page.
        Libc.Populate(handle, length);
    }

    /// <summary>Keeps a copy.</summary>
    public static HeldOctets Hold(ReadOnlySpan<byte> octets)
    {
        var held = Reserve(octets.Length);
        octets.CopyTo(held.Span);
        return held;
    }

    /// <summary>Keeps text as UTF-8.</summary>
    public static HeldOctets Hold(string text)
    {
        var held = Reserve(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, held.Span);
        return held;
    }

    /// <summary>Valid as long as something refers to the block.</summary>
    public Span<byte> Slice(int offset, int length) => new((byte*)handle + offset, length);

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }

    private static HeldOctets Reserve(int length)
    {
        lock (s_gate)
        {
            if (s_current is null || s_current._used + length > Bytes)
                s_current = new HeldBlock(Math.Max(length, Bytes));
            var offset = s_current._used;
            s_current._used += length;
            return new HeldOctets(s_current, offset, length);
        }
    }
}
