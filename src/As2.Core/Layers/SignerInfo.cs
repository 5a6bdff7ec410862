using System.Formats.Asn1;

namespace As2.Layers;

/// <summary>
/// One signer of a SignedData (RFC 5652 §5.3), as it came:
/// <code>
/// SignerInfo ::= SEQUENCE { version, sid (IssuerAndSerialNumber or [0] SubjectKeyIdentifier), digestAlgorithm,
///                           signedAttrs [0] IMPLICIT SET OPTIONAL, signatureAlgorithm, signature OCTET STRING,
///                           unsignedAttrs [1] IMPLICIT SET OPTIONAL }
/// </code>
/// </summary>
internal sealed record SignerInfo
{
    private static readonly Asn1Tag s_context0 = new(TagClass.ContextSpecific, 0);

    /// <summary>DER of issuer and serial number, or empty.</summary>
    public ReadOnlyMemory<byte> IssuerAndSerialNumber { get; private init; }

    /// <summary>The subject key identifier, or empty.</summary>
    public ReadOnlyMemory<byte> SubjectKeyIdentifier { get; private init; }

    /// <summary>The digest, or null when we do not know <see cref="DigestOid"/>.</summary>
    public DigestAlgorithm? Digest => DigestAlgorithm.FromOid(DigestOid);

    /// <summary>The object identifier of the digest.</summary>
    public required string DigestOid { get; init; }

    /// <summary>The signed attributes, or null.</summary>
    public SignedAttributes? Attributes { get; private init; }

    /// <summary>The object identifier of the signature algorithm.</summary>
    public required string SignatureOid { get; init; }

    /// <summary>The parameters of the signature algorithm, encoded; empty when absent.</summary>
    public ReadOnlyMemory<byte> SignatureParameters { get; private init; }

    /// <summary>The signature value.</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Reads one.</summary>
    /// <exception cref="AsnContentException">It is not a SignerInfo.</exception>
    public static SignerInfo Read(BerReader info)
    {
        info.ReadEncodedValue();
        ReadOnlyMemory<byte> issuerAndSerial = default, keyIdentifier = default;
        if (info.PeekTag().HasSameClassAndValue(s_context0))
            keyIdentifier = info.ReadOctetString(s_context0);
        else
            issuerAndSerial = info.ReadEncodedValue();
        var digest = info.ReadSequence().ReadObjectIdentifier();
        SignedAttributes? attributes = null;
        if (info.PeekTag().HasSameClassAndValue(s_context0))
            attributes = SignedAttributes.Read(info.ReadEncodedValue());
        var algorithm = info.ReadSequence();
        return new SignerInfo
        {
            IssuerAndSerialNumber = issuerAndSerial,
            SubjectKeyIdentifier = keyIdentifier,
            DigestOid = digest,
            Attributes = attributes,
            SignatureOid = algorithm.ReadObjectIdentifier(),
            SignatureParameters = algorithm.HasData ? algorithm.ReadEncodedValue() : default,
            Signature = info.ReadOctetString(),
        };
    }
}
