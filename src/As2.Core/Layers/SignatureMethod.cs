using System.Formats.Asn1;
using System.Security.Cryptography;
using As2.Agreements;
using As2.Certificates;

namespace As2.Layers;

/// <summary>How a signature value is made from a digest.</summary>
internal enum SignatureKind
{
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    Ed25519,
}

/// <summary>A digest and a way to sign it: chooses by the key, signs, and names itself in CMS.</summary>
internal sealed record SignatureMethod(SignatureKind Kind, DigestAlgorithm Digest)
{
    private const string RsaEncryptionOid = "1.2.840.113549.1.1.1";
    public const string RsaPssOid = "1.2.840.113549.1.1.10";
    public const string Ed25519Oid = "1.3.101.112";
    /// <summary>Octets of the longest signature: of an RSA key of 16384 bits.</summary>
    public const int MaxBytes = 2048;

    private const string Mgf1Oid = "1.2.840.113549.1.1.8";

    /// <summary>The method that a key and an agreement give.</summary>
    /// <exception cref="As2Exception">AS2-CERT-001: no private key. AS2-CERT-002: the key cannot sign this way.</exception>
    public static SignatureMethod ForSigning(As2Certificate signer, SecurityAgreement security)
    {
        if (signer.RsaPrivateKey is not null)
            return new(security.Signature == SignatureScheme.RsaPss ? SignatureKind.RsaPss : SignatureKind.RsaPkcs1, security.Digest);
        if (signer.EcdsaPrivateKey is null)
            throw new As2Exception("AS2-CERT-001", $"{signer} cannot sign: it has no RSA or EC private key. Load it together with its key.");
        return security.Signature == SignatureScheme.Default
            ? new(SignatureKind.Ecdsa, security.Digest)
            : throw new As2Exception("AS2-CERT-002", $"{signer} has an EC key, the agreement asks for RSASSA-PSS. Set the signature scheme to Default.");
    }

    /// <summary>In plain words: <c>sha-256, RSA PKCS#1</c>.</summary>
    public override string ToString() => $"{Digest}, {Name(Kind)}";

    /// <summary>Writes the signature value over a digest, and says its length.</summary>
    /// <exception cref="As2Exception">AS2-CERT-002: the platform cannot sign this digest with this key.</exception>
    public int Sign(As2Certificate signer, ReadOnlySpan<byte> hash, Span<byte> signature)
    {
        try
        {
            return Kind switch
            {
                SignatureKind.Ecdsa => signer.EcdsaPrivateKey!.SignHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence),
                _ when !Digester.IsOnPlatform(Digest) => RsaSignature.SignManaged(signer.RsaPrivateKey!, Kind, Digest, hash, signature),
                SignatureKind.RsaPss => signer.RsaPrivateKey!.SignHash(hash, signature, Digest.Name, RSASignaturePadding.Pss),
                _ => signer.RsaPrivateKey!.SignHash(hash, signature, Digest.Name, RSASignaturePadding.Pkcs1),
            };
        }
        catch (CryptographicException e)
        {
            throw new As2Exception("AS2-CERT-002", $"{signer} cannot sign with {this}: {e.Message} Choose another digest or key.", e);
        }
    }

    /// <summary>Writes the AlgorithmIdentifier: rsaEncryption as every product knows it, PSS and ECDSA by their own names.</summary>
    public void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            switch (Kind)
            {
                case SignatureKind.RsaPss:
                    writer.WriteObjectIdentifier(RsaPssOid);
                    WritePssParameters(writer);
                    break;
                case SignatureKind.Ecdsa:
                    writer.WriteObjectIdentifier(EcdsaOid(Digest));
                    break;
                default:
                    writer.WriteObjectIdentifier(RsaEncryptionOid);
                    writer.WriteNull();
                    break;
            }
        }
    }

    // RFC 4056 §3, RFC 8017 A.2.3: hash, MGF1 of the same hash, salt of its length.
    private void WritePssParameters(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                WriteDigest(writer);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Mgf1Oid);
                WriteDigest(writer);
            }
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
                writer.WriteInteger(Digest.Length);
        }
    }

    private void WriteDigest(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Digest.Oid);
            writer.WriteNull();
        }
    }

    private static string EcdsaOid(DigestAlgorithm digest) => digest.WireName switch
    {
        "sha1" => "1.2.840.10045.4.1",
        "sha-224" => "1.2.840.10045.4.3.1",
        "sha-256" => "1.2.840.10045.4.3.2",
        "sha-384" => "1.2.840.10045.4.3.3",
        "sha-512" => "1.2.840.10045.4.3.4",
        "sha3-256" => "2.16.840.1.101.3.4.3.10",
        "sha3-384" => "2.16.840.1.101.3.4.3.11",
        "sha3-512" => "2.16.840.1.101.3.4.3.12",
        _ => throw new As2Exception("AS2-CERT-002", $"ECDSA has no form with {digest}. Choose SHA-256 or stronger."),
    };

    private static string Name(SignatureKind kind) => kind switch
    {
        SignatureKind.RsaPkcs1 => "RSA PKCS#1",
        SignatureKind.RsaPss => "RSASSA-PSS",
        SignatureKind.Ecdsa => "ECDSA",
        _ => "Ed25519",
    };
}
