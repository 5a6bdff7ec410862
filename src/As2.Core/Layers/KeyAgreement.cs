using System.Formats.Asn1;
using System.Security.Cryptography;
using As2.Certificates;
using Org.BouncyCastle.Crypto;

namespace As2.Layers;

/// <summary>
/// Ephemeral-static ECDH (RFC 5753 §3.1): the key-encryption key comes from the agreed secret by the KDF of ANSI X9.63 over
/// ECC-CMS-SharedInfo, and wraps the content key.
/// </summary>
internal static class KeyAgreement
{
    private const string StdDhSha256Kdf = "1.3.132.1.11.1";

    private static readonly Asn1Tag s_context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag s_context1 = new(TagClass.ContextSpecific, 1);

    /// <summary>The length of the key and how it travelled; length 0 when it could not be unwrapped.</summary>
    public static (int Length, string Transport) Unwrap(KeyAgreementRecipient recipient, As2Certificate certificate, Span<byte> output)
    {
        var hash = HashOf(recipient.Scheme);
        var wrapOid = new BerReader(recipient.Wrap).ReadSequence().ReadObjectIdentifier();
        var transport = $"{(MqvAgreement.IsMqv(recipient.Scheme) ? "ECMQV" : "ECDH")} {hash}, {KeyWrap.NameOf(wrapOid)}";
        if (certificate.EcdhPrivateKey is not { } ours)
            return (0, transport);
        var isMqv = MqvAgreement.IsMqv(recipient.Scheme);
        var secret = isMqv ? MqvAgreement.Derive(ours, recipient) : ours.DeriveRawSecretAgreement(Import(recipient.OriginatorKey, ours).PublicKey);
        var material = isMqv ? MqvAgreement.AddedMaterial(recipient) : recipient.KeyMaterial;
        var length = KeyWrap.KeyLength(wrapOid);
        // BouncyCastle's MQV puts the bare material where SharedInfo belongs.
        IEnumerable<byte[]> infos = KeyInfos(recipient.Wrap, wrapOid).Select(k => SharedInfo(k, material, length));
        foreach (var sharedInfo in isMqv ? infos.Append(material) : infos)
        {
            try
            {
                var kek = Derive(hash, secret, sharedInfo, length);
                var key = KeyWrap.Unwrap(wrapOid, kek, recipient.EncryptedKey.ToArray());
                key.CopyTo(output);
                return (key.Length, transport);
            }
            catch (InvalidCipherTextException)
            {
                // Another reading of SharedInfo may fit; when none does there is no key.
            }
        }
        return (0, transport);
    }

    /// <summary>Writes the KeyAgreeRecipientInfo of one certificate.</summary>
    public static void Write(AsnWriter writer, As2Certificate recipient, byte[] key)
    {
        var theirs = recipient.EcdhPublicKey!;
        using var ephemeral = ECDiffieHellman.Create(theirs.ExportParameters(false).Curve);
        var wrapOid = KeyWrap.For(key.Length);
        var wrap = Algorithm(wrapOid, hasNull: false);
        var length = KeyWrap.KeyLength(wrapOid);
        var kek = Derive(
            DigestAlgorithm.Sha256, ephemeral.DeriveRawSecretAgreement(theirs.PublicKey), SharedInfo(wrap, [], length), length);

        using var _ = writer.PushSequence(s_context1);
        writer.WriteInteger(3);
        using (writer.PushSequence(s_context0))
        using (writer.PushSequence(s_context1))
        {
            using (writer.PushSequence())
                writer.WriteObjectIdentifier(CmsOids.EcPublicKey);
            writer.WriteBitString(Point(ephemeral));
        }
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(StdDhSha256Kdf);
            writer.WriteEncodedValue(wrap);
        }
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(recipient.IssuerAndSerialNumber.Span);
            writer.WriteOctetString(KeyWrap.Wrap(wrapOid, kek, key));
        }
    }

    /// <summary>
    /// The key-wrap algorithm as SharedInfo may carry it: as it stands in the message, without parameters as RFC 3565 says and OpenSSL
    /// does, with NULL as BouncyCastle does.
    /// </summary>
    private static IEnumerable<byte[]> KeyInfos(ReadOnlyMemory<byte> wrap, string wrapOid)
    {
        var (absent, withNull) = (Algorithm(wrapOid, hasNull: false), Algorithm(wrapOid, hasNull: true));
        yield return absent;
        yield return withNull;
        if (!wrap.Span.SequenceEqual(absent) && !wrap.Span.SequenceEqual(withNull))
            yield return wrap.ToArray();
    }

    private static byte[] Algorithm(string oid, bool hasNull)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (hasNull)
                writer.WriteNull();
        }
        return writer.Encode();
    }

    private static byte[] SharedInfo(byte[] keyInfo, byte[] keyMaterial, int keyLength)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(keyInfo);
            if (keyMaterial.Length > 0)
            {
                using (writer.PushSequence(s_context0))
                    writer.WriteOctetString(keyMaterial);
            }
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
                writer.WriteOctetString([0, 0, (byte)(keyLength * 8 >> 8), (byte)(keyLength * 8)]);
        }
        return writer.Encode();
    }

    /// <summary>The KDF of ANSI X9.63: hash of secret, counter, SharedInfo, as often as needed.</summary>
    private static byte[] Derive(DigestAlgorithm hash, byte[] secret, byte[] sharedInfo, int length)
    {
        var key = new List<byte>(length + hash.Length);
        for (byte counter = 1; key.Count < length; counter++)
            key.AddRange(Digester.Hash(hash, [.. secret, 0, 0, 0, counter, .. sharedInfo]));
        return [.. key.GetRange(0, length)];
    }

    private static ECDiffieHellman Import(byte[] point, ECDiffieHellman ours)
    {
        if (point.Length < 3 || point[0] != 4)
            throw new CryptographicException("The originator's public key is not an uncompressed point.");
        var half = point.Length / 2;
        return ECDiffieHellman.Create(new ECParameters
        {
            Curve = ours.ExportParameters(false).Curve,
            Q = new ECPoint { X = point[1..(half + 1)], Y = point[(half + 1)..] },
        });
    }

    private static byte[] Point(ECDiffieHellman key)
    {
        var point = key.ExportParameters(false).Q;
        return [4, .. point.X!, .. point.Y!];
    }

    /// <summary>The schemes of RFC 5753 §7.1.4; with the cofactor 1 of these curves cofactor and standard DH agree.</summary>
    private static DigestAlgorithm HashOf(string scheme) => scheme switch
    {
        "1.3.133.16.840.63.0.2" or "1.3.133.16.840.63.0.3" or "1.3.133.16.840.63.0.16" => DigestAlgorithm.Sha1,
        "1.3.132.1.11.0" or "1.3.132.1.14.0" or "1.3.132.1.15.0" => DigestAlgorithm.Sha224,
        StdDhSha256Kdf or "1.3.132.1.14.1" or "1.3.132.1.15.1" => DigestAlgorithm.Sha256,
        "1.3.132.1.11.2" or "1.3.132.1.14.2" or "1.3.132.1.15.2" => DigestAlgorithm.Sha384,
        "1.3.132.1.11.3" or "1.3.132.1.14.3" or "1.3.132.1.15.3" => DigestAlgorithm.Sha512,
        _ => throw new CryptographicException($"Key agreement {scheme} is not known here."),
    };
}
