using System.Formats.Asn1;
using System.Security.Cryptography;
using As2.Agreements;

namespace As2.Layers;

/// <summary>How a content key is padded for RSA, as the message says it (RFC 8017 §A.2.1, RFC 4055 §4.1).</summary>
/// <param name="Name">In plain words.</param>
/// <param name="Platform">The platform's padding; null where it has none.</param>
/// <param name="Hash">The hash of OAEP.</param>
/// <param name="MaskHash">The hash of its mask generation.</param>
/// <param name="Label">The label of OAEP, mostly empty.</param>
internal sealed record RsaPadding(
    string Name, RSAEncryptionPadding? Platform, DigestAlgorithm Hash, DigestAlgorithm MaskHash, byte[] Label)
{
    private static readonly RsaPadding s_pkcs1 =
        new("RSA PKCS#1 v1.5", RSAEncryptionPadding.Pkcs1, DigestAlgorithm.Sha1, DigestAlgorithm.Sha1, []);

    private static readonly RsaPadding s_oaepSha1 = Oaep(DigestAlgorithm.Sha1, DigestAlgorithm.Sha1, []);

    /// <summary>Reads the AlgorithmIdentifier.</summary>
    public static RsaPadding Read(ReadOnlyMemory<byte> algorithm)
    {
        var sequence = new BerReader(algorithm).ReadSequence();
        return sequence.ReadObjectIdentifier() switch
        {
            CmsOids.RsaEncryption => s_pkcs1,
            CmsOids.RsaesOaep => sequence.HasData && sequence.PeekTag() == Asn1Tag.Sequence ? ReadOaep(sequence.ReadSequence()) : s_oaepSha1,
            var oid => throw new CryptographicException($"Key transport {oid} is not known here."),
        };
    }

    /// <summary>DER of the AlgorithmIdentifier that we send: parameters only where they differ from the defaults.</summary>
    public static void Write(AsnWriter writer, KeyTransport transport)
    {
        using var _ = writer.PushSequence();
        if (transport == KeyTransport.RsaPkcs1)
        {
            writer.WriteObjectIdentifier(CmsOids.RsaEncryption);
            writer.WriteNull();
            return;
        }
        writer.WriteObjectIdentifier(CmsOids.RsaesOaep);
        using var parameters = writer.PushSequence();
        var hash = HashOf(transport);
        if (hash == DigestAlgorithm.Sha1)
            return;
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            WriteAlgorithm(writer, hash.Oid);
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(CmsOids.Mgf1);
            WriteAlgorithm(writer, hash.Oid);
        }
    }

    /// <summary>The platform's padding for what we send.</summary>
    public static RSAEncryptionPadding PlatformOf(KeyTransport transport)
        => transport == KeyTransport.RsaPkcs1 ? RSAEncryptionPadding.Pkcs1 : RSAEncryptionPadding.CreateOaep(HashOf(transport).Name);

    private static DigestAlgorithm HashOf(KeyTransport transport) => transport switch
    {
        KeyTransport.RsaOaepSha384 => DigestAlgorithm.Sha384,
        KeyTransport.RsaOaepSha512 => DigestAlgorithm.Sha512,
        KeyTransport.RsaOaepSha1 => DigestAlgorithm.Sha1,
        _ => DigestAlgorithm.Sha256,
    };

    private static void WriteAlgorithm(AsnWriter writer, string oid)
    {
        using var _ = writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
        writer.WriteNull();
    }

    private static RsaPadding ReadOaep(BerReader parameters)
    {
        var (hash, maskHash, label) = (DigestAlgorithm.Sha1, DigestAlgorithm.Sha1, Array.Empty<byte>());
        while (parameters.HasData)
        {
            var tag = parameters.PeekTag();
            var value = parameters.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, tag.TagValue, isConstructed: true)).ReadSequence();
            var oid = value.ReadObjectIdentifier();
            if (tag.TagValue == 0)
                hash = Find(oid);
            else if (tag.TagValue == 1)
                maskHash = Find(value.ReadSequence().ReadObjectIdentifier());
            else if (tag.TagValue == 2 && value.HasData)
                label = value.ReadOctetString().ToArray();
        }
        return Oaep(hash, maskHash, label);
    }

    private static RsaPadding Oaep(DigestAlgorithm hash, DigestAlgorithm maskHash, byte[] label)
    {
        var isPlain = hash == maskHash && label.Length == 0 && Digester.IsOnPlatform(hash);
        var name = hash == maskHash ? $"RSA OAEP {hash}" : $"RSA OAEP {hash} with MGF1 {maskHash}";
        return new(name, isPlain ? RSAEncryptionPadding.CreateOaep(hash.Name) : null, hash, maskHash, label);
    }

    private static DigestAlgorithm Find(string oid)
        => DigestAlgorithm.FromOid(oid) ?? throw new CryptographicException($"OAEP hash {oid} is not known here.");
}
