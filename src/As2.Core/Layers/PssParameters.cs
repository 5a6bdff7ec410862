using System.Formats.Asn1;

namespace As2.Layers;

/// <summary>RSASSA-PSS-params (RFC 8017 A.2.3): the default of each field is SHA-1, MGF1 with SHA-1, 20.</summary>
internal sealed record PssParameters(DigestAlgorithm Digest, DigestAlgorithm MaskDigest, int SaltLength)
{
    private const int MaxSaltLength = 1024;

    /// <summary>True when the message holds none and they were assumed: the salt may then also be the longest possible.</summary>
    public bool IsAssumed { get; private init; }

    /// <summary>True for the one form that platforms implement.</summary>
    public bool IsUsual => Digest == MaskDigest && SaltLength == Digest.Length;

    /// <summary>The same with the longest salt that fits a key.</summary>
    public PssParameters WithLongestSalt(int keyBits) => this with { SaltLength = (keyBits + 6) / 8 - Digest.Length - 2, IsAssumed = false };

    /// <summary>Reads them. Where there are none at all, pyas2-lib means those of the signer's digest, not the SHA-1 of the standard.</summary>
    /// <param name="encoded">The parameters, or empty.</param>
    /// <param name="signerDigest">The digest of the signer.</param>
    /// <exception cref="AsnContentException">A field is malformed or names a digest that we do not know.</exception>
    public static PssParameters Read(ReadOnlyMemory<byte> encoded, DigestAlgorithm signerDigest)
    {
        var (digest, mask, salt) = (DigestAlgorithm.Sha1, DigestAlgorithm.Sha1, 20);
        var fields = encoded.IsEmpty || encoded.Span[0] != 0x30 ? default : new BerReader(encoded).ReadSequence();
        if (!fields.HasData)
            return new(signerDigest, signerDigest, signerDigest.Length) { IsAssumed = true };
        while (fields.HasData)
        {
            var number = fields.PeekTag().TagValue;
            var field = fields.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, number));
            switch (number)
            {
                case 0:
                    digest = ReadDigest(field.ReadSequence());
                    break;
                case 1:
                    var mgf = field.ReadSequence();
                    mgf.ReadObjectIdentifier();
                    mask = ReadDigest(mgf.ReadSequence());
                    break;
                case 2:
                    if (!field.TryReadInt32(out salt) || salt is < 0 or > MaxSaltLength)
                        throw new AsnContentException("the PSS salt length is out of range");
                    break;
            }
        }
        return new(digest, mask, salt);
    }

    private static DigestAlgorithm ReadDigest(BerReader algorithm)
    {
        var oid = algorithm.ReadObjectIdentifier();
        return DigestAlgorithm.FromOid(oid) ?? throw new AsnContentException($"digest {oid} is not supported");
    }
}
