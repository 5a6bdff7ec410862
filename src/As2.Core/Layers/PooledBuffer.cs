using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace As2.Layers;

/// <summary>A growing run of octets in a rented array. The array is wiped before it is given back: it may have held plaintext or keys.</summary>
internal sealed class PooledBuffer : IDisposable
{
    private byte[] _array = [];
    private int _used;

    public int Length => _used;

    public Span<byte> Span => _array.AsSpan(0, _used);

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, _used);

    public void Append(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(Reserve(octets.Length));
        _used += octets.Length;
    }

    /// <summary>Text as UTF-8.</summary>
    public void Append(string text) => _used += Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));

    /// <summary>Room for at least this many more octets; what was written into it is taken by <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int octets)
    {
        if (_array.Length - _used < octets)
            Grow(_used + octets);
        return _array.AsSpan(_used);
    }

    public void Advance(int octets) => _used += octets;

    public void Clear() => _used = 0;

    /// <summary>Encrypts or decrypts the first octets, whole blocks, where they lie.</summary>
    public void Transform(ICryptoTransform cipher, int octets) => cipher.TransformBlock(_array, 0, octets, _array, 0);

    /// <summary>Drops octets at the end.</summary>
    public void Truncate(int length) => _used = length;

    /// <summary>Drops octets at the front.</summary>
    public void RemoveFirst(int octets)
    {
        _array.AsSpan(octets, _used - octets).CopyTo(_array);
        _used -= octets;
    }

    public void Dispose()
    {
        Return();
        (_array, _used) = ([], 0);
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(1024, _array.Length * 2)));
        Span.CopyTo(larger);
        Return();
        _array = larger;
    }

    private void Return()
    {
        if (_array.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_array, clearArray: true);
    }
}
