namespace As2.Layers;

/// <summary>
/// CBC with the padding of RFC 5652 §6.3 (none for a stream cipher), decrypted where a piece was gathered. The last block is kept back,
/// and its padding is judged without a branch on its octets and without an exception.
/// </summary>
internal sealed class CbcDecryptor(StreamingCipher cipher, IOctetSink plaintext) : ContentDecryptor(plaintext)
{
    /// <summary>Large enough for the call, small enough for the cache.</summary>
    private const int Piece = 64 << 10;

    private readonly PooledBuffer _pending = new();

    public override void Push(ReadOnlySpan<byte> ciphertext)
    {
        while (_pending.Length + ciphertext.Length > Piece)
        {
            var missing = Piece - _pending.Length;
            _pending.Append(ciphertext[..missing]);
            ciphertext = ciphertext[missing..];
            cipher.Decrypt(_pending, Piece);
            Plaintext.Push(_pending.Span);
            _pending.Clear();
        }
        _pending.Append(ciphertext);
    }

    public override bool Finish(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> attributes)
    {
        var block = cipher.BlockSize;
        var isWhole = _pending.Length % block == 0 && (_pending.Length > 0 || block == 1);
        var usable = _pending.Length / block * block;
        if (usable == 0)
            return isWhole;
        cipher.DecryptLast(_pending, usable);
        var plain = _pending.Span[..usable];
        var padding = block == 1 ? 0 : PaddingLength(plain[^block..]);
        Plaintext.Push(plain[..^Math.Max(padding, 0)]);
        return isWhole && padding >= 0;
    }

    public override void Dispose()
    {
        cipher.Dispose();
        _pending.Dispose();
    }

    /// <summary>Octets of padding; -1 when it is wrong. The time does not depend on the octets.</summary>
    private static int PaddingLength(ReadOnlySpan<byte> block)
    {
        int length = block[^1];
        var wrong = ((length - 1) >> 31) | ((block.Length - length) >> 31);
        for (var i = 1; i <= block.Length; i++)
        {
            var isPadding = ~((length - i) >> 31);
            wrong |= isPadding & (block[^i] ^ length);
        }
        // All bits set when wrong is not zero.
        var mask = (wrong | -wrong) >> 31;
        return (length & ~mask) | mask;
    }
}
