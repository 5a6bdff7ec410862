using System.Globalization;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Certificates;

namespace As2.Layers;

/// <summary>One recipient of an enveloped-data (RFC 5652 §6.2), of the kinds that name a certificate; slices of the octets it was read from.</summary>
internal abstract record RecipientInfo
{
    /// <summary>DER of IssuerAndSerialNumber; empty when the recipient is named by key.</summary>
    public ReadOnlyMemory<byte> IssuerAndSerialNumber { get; init; }

    /// <summary>The subject key identifier; empty when the recipient is named by issuer.</summary>
    public ReadOnlyMemory<byte> KeyIdentifier { get; init; }

    /// <summary>The wrapped content key.</summary>
    public required ReadOnlyMemory<byte> EncryptedKey { get; init; }

    /// <summary>Who it is, in plain words.</summary>
    public string Description => IssuerAndSerialNumber.Length > 0
        ? Describe(IssuerAndSerialNumber)
        : $"key identifier {Convert.ToHexStringLower(KeyIdentifier.Span)}";

    /// <summary><see cref="Description"/>, as the certificate remembers it where it is one of ours.</summary>
    public string DescribeAmong(IReadOnlyList<As2Certificate> ours)
    {
        for (var i = 0; i < ours.Count; i++)
        {
            if (IssuerAndSerialNumber.Length > 0 && Names(ours[i]))
                return ours[i].IssuerAndSerialText;
        }
        return Description;
    }

    /// <summary>True when it names this certificate.</summary>
    public bool Names(As2Certificate certificate) => IssuerAndSerialNumber.Length > 0
        ? certificate.IssuerAndSerialNumber.Span.SequenceEqual(IssuerAndSerialNumber.Span)
        : certificate.SubjectKeyIdentifier.Span.SequenceEqual(KeyIdentifier.Span);

    /// <summary>Issuer and serial in plain words.</summary>
    public static string Describe(ReadOnlyMemory<byte> issuerAndSerialNumber)
    {
        try
        {
            var sequence = new BerReader(issuerAndSerialNumber).ReadSequence();
            var issuer = new X500DistinguishedName(sequence.ReadEncodedValue().Span).Name;
            return string.Create(CultureInfo.InvariantCulture, $"serial {sequence.ReadInteger():x} of {issuer}");
        }
        catch (Exception malformed) when (malformed is AsnContentException or CryptographicException)
        {
            return "an unreadable issuer and serial number";
        }
    }
}

/// <summary>KeyTransRecipientInfo: the key is encrypted to an RSA key.</summary>
/// <param name="Algorithm">DER of the key-encryption algorithm.</param>
internal sealed record KeyTransportRecipient(ReadOnlyMemory<byte> Algorithm) : RecipientInfo;

/// <summary>One recipient of a KeyAgreeRecipientInfo: the key is wrapped by an agreed key (RFC 5753).</summary>
/// <param name="OriginatorKey">The sender's ephemeral public point.</param>
/// <param name="KeyMaterial">The user keying material; empty without.</param>
/// <param name="Scheme">OID of the agreement scheme, which names the hash of the KDF.</param>
/// <param name="Wrap">DER of the key-wrap algorithm.</param>
internal sealed record KeyAgreementRecipient(
    byte[] OriginatorKey, byte[] KeyMaterial, string Scheme, ReadOnlyMemory<byte> Wrap) : RecipientInfo;
