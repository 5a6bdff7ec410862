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

/// <summary>CBC with the padding of RFC 5652 §6.3.</summary>
internal sealed class CbcEncryptor : ContentEncryptor
{
    private const int Piece = 32 << 10;

    private readonly CmsContentWriter _output;
    private readonly SymmetricAlgorithm _algorithm;
    private readonly byte[] _chain;
    private readonly PooledBuffer _pending = new();
    private readonly PooledBuffer _cipher = new();

    public CbcEncryptor(ContentEncryption encryption, byte[] key, CmsContentWriter output)
    {
        _output = output;
#pragma warning disable CA5350 // Triple DES is sent by legacy agreement only.
        _algorithm = encryption.Cipher == ContentCipher.TripleDesCbc ? TripleDES.Create() : Aes.Create();
#pragma warning restore CA5350
        _algorithm.SetKey(key);
        _chain = [.. encryption.Iv];
    }

    public override void Push(ReadOnlySpan<byte> plaintext)
    {
        while (_pending.Length + plaintext.Length >= Piece)
        {
            var missing = Piece - _pending.Length;
            if (_pending.Length == 0)
            {
                Encrypt(plaintext[..missing], PaddingMode.None);
            }
            else
            {
                _pending.Append(plaintext[..missing]);
                Encrypt(_pending.Span, PaddingMode.None);
                _pending.Clear();
            }
            plaintext = plaintext[missing..];
        }
        _pending.Append(plaintext);
    }

    public override byte[] Finish()
    {
        Encrypt(_pending.Span, PaddingMode.PKCS7);
        return [];
    }

    public override void Dispose()
    {
        _algorithm.Dispose();
        _pending.Dispose();
        _cipher.Dispose();
    }

    private void Encrypt(ReadOnlySpan<byte> plaintext, PaddingMode padding)
    {
        var room = _cipher.Reserve(_algorithm.GetCiphertextLengthCbc(plaintext.Length, padding));
        var written = room[.._algorithm.EncryptCbc(plaintext, _chain, room, padding)];
        written[^_chain.Length..].CopyTo(_chain);
        _output.Append(written);
    }
}
