using System.Formats.Asn1;
using As2.Agreements;
using As2.Certificates;

namespace As2.Layers;

/// <summary>
/// Writes a detached SignedData (RFC 5652 §5.1) in DER: version 1, one signer named by issuer and serial number. It never carries
/// CMSAlgorithmProtection (RFC 6211): deployed gateways refuse it.
/// </summary>
internal static class SignedDataWriter
{
    /// <summary>id-data.</summary>
    public const string DataOid = "1.2.840.113549.1.7.1";

    private const string SignedDataOid = "1.2.840.113549.1.7.2";

    private static readonly Asn1Tag s_context0 = new(TagClass.ContextSpecific, 0, true);

    public static void Write(
        ReadOnlySpan<byte> contentDigest, SecurityAgreement security, As2Certificate signer, DateTimeOffset signingTime, PooledBuffer output)
    {
        var method = SignatureMethod.ForSigning(signer, security);
        var attributes = security.SignedAttributes ? SignedAttributes.Write(contentDigest, signingTime) : null;
        Span<byte> signature = stackalloc byte[SignatureMethod.MaxBytes];
        Span<byte> hash = stackalloc byte[Digester.MaxBytes];
        hash = attributes is null ? hash[..0] : hash[..Digester.Hash(security.Digest, attributes, hash)];
        signature = signature[..method.Sign(signer, attributes is null ? contentDigest : hash, signature)];

        using var scratch = DerScratch.Begin(out var writer, sorts: security.EmbeddedCertificates == EmbeddedCertificates.Chain);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(SignedDataOid);
            using (writer.PushSequence(s_context0))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                using (writer.PushSetOf())
                    WriteDigestAlgorithm(writer, security.Digest);
                using (writer.PushSequence())
                    writer.WriteObjectIdentifier(DataOid);
                WriteCertificates(writer, security.EmbeddedCertificates, signer);
                using (writer.PushSetOf())
                    WriteSigner(writer, method, signer, attributes, signature);
            }
        }
        output.Advance(writer.Encode(output.Reserve(writer.GetEncodedLength())));
    }

    private static void WriteSigner(AsnWriter writer, SignatureMethod method, As2Certificate signer, byte[]? attributes, ReadOnlySpan<byte> signature)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteEncodedValue(signer.IssuerAndSerialNumber.Span);
            WriteDigestAlgorithm(writer, method.Digest);
            if (attributes is not null)
            {
                // Signed as a SET, sent as [0] (RFC 5652 §5.4); nobody needs the SET any more.
                attributes[0] = 0xA0;
                writer.WriteEncodedValue(attributes);
            }
            method.WriteAlgorithm(writer);
            writer.WriteOctetString(signature);
        }
    }

    // RFC 5754 §2: parameters are absent.
    private static void WriteDigestAlgorithm(AsnWriter writer, DigestAlgorithm digest)
    {
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(digest.Oid);
    }

    private static void WriteCertificates(AsnWriter writer, EmbeddedCertificates which, As2Certificate signer)
    {
        if (which == EmbeddedCertificates.None)
            return;
        using (writer.PushSetOf(s_context0))
        {
            writer.WriteEncodedValue(signer.Der.Span);
            if (which != EmbeddedCertificates.Chain)
                return;
            foreach (var issuer in signer.Issuers)
                writer.WriteEncodedValue(issuer.RawDataMemory.Span);
        }
    }
}
