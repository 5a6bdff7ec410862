namespace As2.AspNetCore.Legacy;

/// <summary>The octets of one line.</summary>
internal sealed class LineBuffer
{
    private byte[] _octets = new byte[256];

    /// <summary>How many there are; may be made less.</summary>
    public int Length { get; set; }

    /// <summary>They themselves, until the next change.</summary>
    public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, Length);

    /// <summary>Adds some.</summary>
    public void Write(ReadOnlySpan<byte> more)
    {
        if (Length + more.Length > _octets.Length)
            Array.Resize(ref _octets, Math.Max(_octets.Length * 2, Length + more.Length));
        more.CopyTo(_octets.AsSpan(Length));
        Length += more.Length;
    }

    /// <summary>Takes all away.</summary>
    public void Clear() => Length = 0;
}
