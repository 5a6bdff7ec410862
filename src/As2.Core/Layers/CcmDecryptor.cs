using System.Security.Cryptography;

namespace As2.Layers;

/// <summary>
/// AES-CCM (RFC 5084 §3.1), which some products offer. Its first block holds the length of the content, which nobody knows while it
/// streams past: so it is collected, and therefore bounded.
/// </summary>
internal sealed class CcmDecryptor(ContentEncryption encryption, byte[] key, IOctetSink plaintext, bool tagFollows) : ContentDecryptor(plaintext)
{
    private const int MaxContent = 4 << 20;

    private readonly PooledBuffer _ciphertext = new();
    private readonly PooledBuffer _plain = new();

    public override void Push(ReadOnlySpan<byte> ciphertext)
    {
        if (_ciphertext.Length + ciphertext.Length > MaxContent)
            throw Faults.Decryption($"{encryption.Cipher} with more than {MaxContent} octets.");
        _ciphertext.Append(ciphertext);
    }

    public override bool Finish(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> attributes)
    {
        var ciphertext = (ReadOnlySpan<byte>)_ciphertext.Span;
        if (tagFollows && ciphertext.Length >= encryption.TagLength)
        {
            tag = ciphertext[^encryption.TagLength..];
            ciphertext = ciphertext[..^encryption.TagLength];
        }
        if (tag.Length != encryption.TagLength)
            return false;
        var plain = _plain.Reserve(ciphertext.Length)[..ciphertext.Length];
        using var ccm = new AesCcm(key);
        try
        {
            ccm.Decrypt(encryption.Iv, ciphertext, tag, plain, AssociatedData(attributes));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        Plaintext.Push(plain);
        return true;
    }

    public override void Dispose()
    {
        _ciphertext.Dispose();
        _plain.Dispose();
    }
}
