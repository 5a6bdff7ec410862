using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace As2.Layers;

/// <summary>
/// AES-GCM (RFC 5084). Small content is decrypted by the platform at the end, in one go; larger streams through BouncyCastle, since
/// the platform cannot stream. The plaintext goes out before its tag is known: nothing that receives it may act on it yet.
/// </summary>
internal sealed class GcmDecryptor(ContentEncryption encryption, byte[] key, IOctetSink plaintext, bool tagFollows) : ContentDecryptor(plaintext)
{
    private const int MaxOneShot = 1 << 20;
    private const int PlatformNonce = 12;
    private const int Piece = 64 << 10;

    private readonly PooledBuffer _pending = new();
    private readonly PooledBuffer _plain = new();
    private GcmBlockCipher? _stream;

    public override void Push(ReadOnlySpan<byte> ciphertext)
    {
        if (_stream is null && _pending.Length + ciphertext.Length <= MaxOneShot)
        {
            _pending.Append(ciphertext);
            return;
        }
        if (_stream is null)
            BeginStream();
        Stream(ciphertext);
    }

    public override bool Finish(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> attributes)
    {
        if (_stream is null && encryption.Iv.Length == PlatformNonce)
            return FinishOneShot(tag, AssociatedData(attributes));
        if (_stream is null)
            BeginStream();
        return FinishStream(tag, AssociatedData(attributes));
    }

    public override void Dispose()
    {
        _pending.Dispose();
        _plain.Dispose();
    }

    private bool FinishOneShot(ReadOnlySpan<byte> tag, byte[] associated)
    {
        var ciphertext = (ReadOnlySpan<byte>)_pending.Span;
        if (tagFollows && ciphertext.Length >= encryption.TagLength)
        {
            tag = ciphertext[^encryption.TagLength..];
            ciphertext = ciphertext[..^encryption.TagLength];
        }
        if (tag.Length != encryption.TagLength)
            return false;
        var plain = _plain.Reserve(ciphertext.Length)[..ciphertext.Length];
        using var gcm = new AesGcm(key, encryption.TagLength);
        try
        {
            gcm.Decrypt(encryption.Iv, ciphertext, tag, plain, associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        Plaintext.Push(plain);
        return true;
    }

    private void BeginStream()
    {
        _stream = new GcmBlockCipher(new AesEngine());
        _stream.Init(false, new AeadParameters(new KeyParameter(key), encryption.TagLength * 8, encryption.Iv));
        Stream(_pending.Span);
        _pending.Clear();
    }

    private void Stream(ReadOnlySpan<byte> ciphertext)
    {
        for (; !ciphertext.IsEmpty; ciphertext = ciphertext[Math.Min(Piece, ciphertext.Length)..])
        {
            var piece = ciphertext[..Math.Min(Piece, ciphertext.Length)];
            var room = _plain.Reserve(_stream!.GetUpdateOutputSize(piece.Length));
            Plaintext.Push(room[.._stream.ProcessBytes(piece, room)]);
        }
    }

    private bool FinishStream(ReadOnlySpan<byte> tag, byte[] associated)
    {
        if (!tagFollows && tag.Length != encryption.TagLength)
            return false;
        _stream!.ProcessAadBytes(associated);
        Stream(tagFollows ? [] : tag);
        try
        {
            var room = _plain.Reserve(_stream.GetOutputSize(0));
            Plaintext.Push(room[.._stream.DoFinal(room)]);
            return true;
        }
        catch (InvalidCipherTextException)
        {
            return false;
        }
    }
}
