using System.Formats.Asn1;
using System.Security.Cryptography;

namespace As2.Layers;

/// <summary>The content-encryption algorithm of a message with its parameters.</summary>
/// <param name="Cipher">The algorithm.</param>
/// <param name="Iv">Initialisation vector or nonce; empty for a stream cipher.</param>
/// <param name="TagLength">Octets of the integrity tag; 0 without one.</param>
/// <param name="EffectiveKeyBits">RC2 only: bits of the key that count.</param>
internal sealed record ContentEncryption(ContentCipher Cipher, byte[] Iv, int TagLength = 0, int EffectiveKeyBits = 0)
{
    /// <summary>RFC 5084 §3.2: what an absent length means.</summary>
    private const int DefaultTagLength = 12;

    private const int SentTagLength = 16;
    private const int GcmNonceLength = 12;

    /// <summary>Fresh parameters for what we send.</summary>
    public static ContentEncryption Create(ContentCipher cipher)
    {
        if (cipher.IsAuthenticated)
            return new ContentEncryption(cipher, RandomNumberGenerator.GetBytes(GcmNonceLength), SentTagLength);
        return new ContentEncryption(cipher, RandomNumberGenerator.GetBytes(cipher == ContentCipher.TripleDesCbc ? 8 : 16));
    }

    /// <summary>Writes the AlgorithmIdentifier.</summary>
    public void Write(AsnWriter writer)
    {
        using var _ = writer.PushSequence();
        writer.WriteObjectIdentifier(Cipher.Oid);
        if (!Cipher.IsAuthenticated)
        {
            writer.WriteOctetString(Iv);
            return;
        }
        using var parameters = writer.PushSequence();
        writer.WriteOctetString(Iv);
        writer.WriteInteger(TagLength);
    }

    /// <summary>Reads the AlgorithmIdentifier.</summary>
    public static ContentEncryption Read(ReadOnlyMemory<byte> element)
    {
        var sequence = new BerReader(element).ReadSequence();
        var oid = sequence.ReadObjectIdentifier();
        var cipher = ContentCipher.Find(oid) ?? throw Faults.Decryption($"The content-encryption algorithm {oid} is not known here.");
        if (cipher == ContentCipher.Rc4)
            return new ContentEncryption(cipher, []);
        if (cipher.IsAuthenticated)
            return ReadAuthenticated(cipher, sequence);
        if (cipher == ContentCipher.Rc2Cbc)
            return ReadRc2(cipher, sequence.ReadSequence());
        // CAST-128 and IDEA define a SEQUENCE around it, and some products leave that out.
        return new ContentEncryption(cipher, (sequence.PeekTag() == Asn1Tag.Sequence ? sequence.ReadSequence() : sequence).ReadOctetString().ToArray());
    }

    private static ContentEncryption ReadAuthenticated(ContentCipher cipher, BerReader sequence)
    {
        // A bare nonce in place of the parameters, from libas2: its tag has 16 octets.
        if (sequence.PeekTag() == Asn1Tag.PrimitiveOctetString)
            return new ContentEncryption(cipher, sequence.ReadOctetString().ToArray(), SentTagLength);
        var parameters = sequence.ReadSequence();
        var nonce = parameters.ReadOctetString().ToArray();
        var tagLength = DefaultTagLength;
        if (parameters.HasData && !parameters.TryReadInt32(out tagLength))
            tagLength = 0;
        var isNonce = cipher.IsCcm ? nonce.Length is >= 7 and <= 13 : nonce.Length is >= 1 and <= 64;
        if (tagLength is < 12 or > 16 || (cipher.IsCcm && tagLength % 2 != 0) || !isNonce)
            throw Faults.Decryption($"{cipher} with a tag of {tagLength} and a nonce of {nonce.Length} octets (RFC 5084 §3).");
        return new ContentEncryption(cipher, nonce, tagLength);
    }

    /// <summary>The version stands for the effective key bits (RFC 2268 §6).</summary>
    private static ContentEncryption ReadRc2(ContentCipher cipher, BerReader parameters)
    {
        var version = parameters.ReadInteger();
        var bits = version == 160 ? 40 : version == 120 ? 64 : version == 58 ? 128 : version >= 256 && version <= 1024 ? (int)version : 32;
        return new ContentEncryption(cipher, parameters.ReadOctetString().ToArray(), EffectiveKeyBits: bits);
    }
}
