using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace As2.Layers;

/// <summary>The RSA signatures that the platform cannot do: SHA-224, PSS with a salt or mask of its own, DigestInfo without NULL.</summary>
internal static class RsaSignature
{
    /// <summary>Signs with a digest that the platform lacks.</summary>
    /// <exception cref="CryptographicException">The private key does not leave its store.</exception>
    public static int SignManaged(RSA key, SignatureKind kind, DigestAlgorithm digest, ReadOnlySpan<byte> hash, Span<byte> signature)
    {
        var parameters = DotNetUtilities.GetRsaKeyPair(key.ExportParameters(true)).Private;
        ISigner signer = kind == SignatureKind.RsaPss
            ? PssSigner.CreateRawSigner(new RsaBlindedEngine(), Digester.Managed(digest))
            : new RsaDigestSigner(new NullDigest(), new AlgorithmIdentifier(new DerObjectIdentifier(digest.Oid), DerNull.Instance));
        signer.Init(true, parameters);
        signer.BlockUpdate(hash);
        var value = signer.GenerateSignature();
        value.CopyTo(signature);
        return value.Length;
    }

    /// <summary>Checks PKCS#1 v1.5: the whole block is built and compared, with the NULL parameters and without (RFC 8017 §8.2.2).</summary>
    public static bool VerifyPkcs1(RSA key, DigestAlgorithm digest, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (Digester.IsOnPlatform(digest) && key.VerifyHash(hash, signature, digest.Name, RSASignaturePadding.Pkcs1))
            return true;
        var block = PublicOperation(key, signature);
        return block is not null
            && (block.AsSpan().SequenceEqual(ExpectedBlock(block.Length, digest, hash, withNull: true))
                || block.AsSpan().SequenceEqual(ExpectedBlock(block.Length, digest, hash, withNull: false)));
    }

    /// <summary>True when the block under the signature is well formed: this key made it, over another digest than ours.</summary>
    public static bool IsOverOtherDigest(RSA key, DigestAlgorithm digest, ReadOnlySpan<byte> signature)
    {
        if (PublicOperation(key, signature) is not { } block || block.Length < digest.Length)
            return false;
        var found = block.AsSpan(block.Length - digest.Length);
        return block.AsSpan().SequenceEqual(ExpectedBlock(block.Length, digest, found, withNull: true));
    }

    /// <summary>Checks PSS; salt length and mask digest are the signer's (RFC 8017 §8.1.2).</summary>
    public static bool VerifyPss(RSA key, PssParameters pss, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
        => VerifyPssExactly(key, pss, hash, signature)
            || (pss.IsAssumed && VerifyPssExactly(key, pss.WithLongestSalt(key.KeySize), hash, signature));

    private static bool VerifyPssExactly(RSA key, PssParameters pss, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (pss.IsUsual && Digester.IsOnPlatform(pss.Digest))
            return key.VerifyHash(hash, signature, pss.Digest.Name, RSASignaturePadding.Pss);
        var signer = PssSigner.CreateRawSigner(
            new RsaEngine(), Digester.Managed(pss.Digest), Digester.Managed(pss.MaskDigest), pss.SaltLength, PssSigner.TrailerImplicit);
        signer.Init(false, DotNetUtilities.GetRsaPublicKey(key));
        signer.BlockUpdate(hash);
        return signer.VerifySignature(signature.ToArray());
    }

    private static byte[]? PublicOperation(RSA key, ReadOnlySpan<byte> signature)
    {
        var parameters = key.ExportParameters(false);
        var modulus = new BigInteger(parameters.Modulus, isUnsigned: true, isBigEndian: true);
        var value = new BigInteger(signature, isUnsigned: true, isBigEndian: true);
        if (signature.Length != parameters.Modulus!.Length || value >= modulus)
            return null;
        var exponent = new BigInteger(parameters.Exponent, isUnsigned: true, isBigEndian: true);
        var bytes = BigInteger.ModPow(value, exponent, modulus).ToByteArray(isUnsigned: true, isBigEndian: true);
        var block = new byte[parameters.Modulus.Length];
        bytes.CopyTo(block, block.Length - bytes.Length);
        return block;
    }

    // 00 01 FF..FF 00 DigestInfo
    private static byte[] ExpectedBlock(int length, DigestAlgorithm digest, ReadOnlySpan<byte> hash, bool withNull)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(digest.Oid);
                if (withNull)
                    writer.WriteNull();
            }
            writer.WriteOctetString(hash);
        }
        var info = writer.Encode();
        if (length < info.Length + 11)
            return [];
        var block = new byte[length];
        block.AsSpan(2, length - info.Length - 3).Fill(0xFF);
        block[1] = 1;
        info.CopyTo(block, length - info.Length);
        return block;
    }
}
