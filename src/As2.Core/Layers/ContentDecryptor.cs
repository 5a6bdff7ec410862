namespace As2.Layers;

/// <summary>Decrypts content while it streams past. It does not throw on a wrong key: the end says whether all was right.</summary>
internal abstract class ContentDecryptor(IOctetSink plaintext) : IDisposable
{
    protected IOctetSink Plaintext { get; } = plaintext;

    /// <summary>Takes the next octets of ciphertext.</summary>
    public abstract void Push(ReadOnlySpan<byte> ciphertext);

    /// <summary>The ciphertext has ended: the last plaintext goes out.</summary>
    /// <param name="tag">The integrity tag, where the structure carries one.</param>
    /// <param name="attributes">The authenticated attributes as they stand in the structure; empty without.</param>
    /// <returns>True when padding or tag are right.</returns>
    public abstract bool Finish(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> attributes);

    public abstract void Dispose();

    /// <param name="encryption">Algorithm and parameters.</param>
    /// <param name="key">The key; copied.</param>
    /// <param name="plaintext">Takes the plaintext.</param>
    /// <param name="tagFollows">True where the tag stands behind the ciphertext (GCM and CCM inside EnvelopedData).</param>
    public static ContentDecryptor Create(ContentEncryption encryption, byte[] key, IOctetSink plaintext, bool tagFollows)
    {
        if (encryption.Cipher.IsCcm)
            return new CcmDecryptor(encryption, key, plaintext, tagFollows);
        if (encryption.Cipher.IsAuthenticated)
            return new GcmDecryptor(encryption, key, plaintext, tagFollows);
        var cipher = StreamingCipher.Create(encryption, key);
        if (encryption.Iv.Length != cipher.BlockSize && cipher.BlockSize > 1)
            throw Faults.Decryption($"{encryption.Cipher} with an initialisation vector of {encryption.Iv.Length} octets.");
        return new CbcDecryptor(cipher, plaintext);
    }

    /// <summary>The attributes are authenticated as a SET OF, whatever tag they travel under (RFC 5083 §2.2).</summary>
    protected static byte[] AssociatedData(ReadOnlySpan<byte> attributes)
    {
        byte[] data = [.. attributes];
        if (data.Length > 0)
            data[0] = 0x31;
        return data;
    }
}
