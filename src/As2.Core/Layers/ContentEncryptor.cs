using System.Security.Cryptography;

namespace As2.Layers;

/// <summary>Encrypts content while it streams past, into the structure around it.</summary>
internal abstract class ContentEncryptor : IDisposable
{
    /// <summary>Takes the next octets of plaintext.</summary>
    public abstract void Push(ReadOnlySpan<byte> plaintext);

    /// <summary>The plaintext has ended: the rest goes out.</summary>
    /// <returns>The integrity tag; empty without.</returns>
    public abstract byte[] Finish();

    public abstract void Dispose();

    /// <param name="encryption">Algorithm and parameters.</param>
    /// <param name="key">The key; copied.</param>
    /// <param name="output">Takes the ciphertext.</param>
    public static ContentEncryptor Create(ContentEncryption encryption, byte[] key, CmsContentWriter output)
        => encryption.Cipher.IsAuthenticated ? new GcmEncryptor(encryption, key, output) : new CbcEncryptor(encryption, key, output);
}

/// <summary>CBC with the padding of RFC 5652 §6.3: a piece is copied here once, and encrypted where it lies.</summary>
internal sealed class CbcEncryptor : ContentEncryptor
{
    /// <summary>As long as a segment of the structure around it, which then copies nothing.</summary>
    private const int Piece = CmsContentWriter.Segment;

    private readonly CmsContentWriter _output;
    private readonly SymmetricAlgorithm _algorithm;
    private readonly byte[] _iv;
    private readonly PooledBuffer _pending = new();

    /// <summary>Carries the chain from piece to piece. Content of less than one needs none: one call, and less allocated.</summary>
    private ICryptoTransform? _chain;

    public CbcEncryptor(ContentEncryption encryption, byte[] key, CmsContentWriter output)
    {
        (_output, _iv) = (output, encryption.Iv);
#pragma warning disable CA5350 // Triple DES is sent by legacy agreement only.
        _algorithm = encryption.Cipher == ContentCipher.TripleDesCbc ? TripleDES.Create() : Aes.Create();
#pragma warning restore CA5350
        _algorithm.Padding = PaddingMode.None;
        _algorithm.SetKey(key);
    }

    public override void Push(ReadOnlySpan<byte> plaintext)
    {
        while (_pending.Length + plaintext.Length >= Piece)
        {
            var missing = Piece - _pending.Length;
            _pending.Append(plaintext[..missing]);
            plaintext = plaintext[missing..];
            _pending.Transform(_chain ??= _algorithm.CreateEncryptor(_algorithm.Key, _iv), Piece);
            _output.Append(_pending.Span);
            _pending.Clear();
        }
        _pending.Append(plaintext);
    }

    public override byte[] Finish()
    {
        var padding = _iv.Length - (_pending.Length % _iv.Length);
        _pending.Reserve(padding)[..padding].Fill((byte)padding);
        _pending.Advance(padding);
        if (_chain is null)
            _algorithm.EncryptCbc(_pending.Span, _iv, _pending.Span, PaddingMode.None);
        else
            _pending.Transform(_chain, _pending.Length);
        _output.Append(_pending.Span);
        return [];
    }

    public override void Dispose()
    {
        _chain?.Dispose();
        _algorithm.Dispose();
        _pending.Dispose();
    }
}
