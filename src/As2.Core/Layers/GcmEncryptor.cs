using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace As2.Layers;

/// <summary>AES-GCM (RFC 5084): small content in one go by the platform, larger streaming through BouncyCastle.</summary>
internal sealed class GcmEncryptor(ContentEncryption encryption, byte[] key, CmsContentWriter output) : ContentEncryptor
{
    private const int MaxOneShot = 1 << 20;
    private const int Piece = 64 << 10;

    private readonly byte[] _key = [.. key];
    private readonly PooledBuffer _pending = new();
    private readonly PooledBuffer _cipher = new();
    private GcmBlockCipher? _stream;

    public override void Push(ReadOnlySpan<byte> plaintext)
    {
        if (_stream is null && _pending.Length + plaintext.Length <= MaxOneShot)
        {
            _pending.Append(plaintext);
            return;
        }
        if (_stream is null)
            BeginStream();
        Stream(plaintext);
    }

    public override byte[] Finish()
    {
        var tag = new byte[encryption.TagLength];
        if (_stream is null)
        {
            using var gcm = new AesGcm(_key, encryption.TagLength);
            var room = _cipher.Reserve(_pending.Length)[.._pending.Length];
            gcm.Encrypt(encryption.Iv, _pending.Span, room, tag);
            output.Append(room);
            return tag;
        }
        var last = _cipher.Reserve(_stream.GetOutputSize(0));
        last = last[.._stream.DoFinal(last)];
        output.Append(last[..^tag.Length]);
        last[^tag.Length..].CopyTo(tag);
        return tag;
    }

    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(_key);
        _pending.Dispose();
        _cipher.Dispose();
    }

    private void BeginStream()
    {
        _stream = new GcmBlockCipher(new AesEngine());
        _stream.Init(true, new AeadParameters(new KeyParameter(_key), encryption.TagLength * 8, encryption.Iv));
        Stream(_pending.Span);
        _pending.Clear();
    }

    private void Stream(ReadOnlySpan<byte> plaintext)
    {
        for (; !plaintext.IsEmpty; plaintext = plaintext[Math.Min(Piece, plaintext.Length)..])
        {
            var piece = plaintext[..Math.Min(Piece, plaintext.Length)];
            var room = _cipher.Reserve(_stream!.GetUpdateOutputSize(piece.Length));
            output.Append(room[.._stream.ProcessBytes(piece, room)]);
        }
    }
}
