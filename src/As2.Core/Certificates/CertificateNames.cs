using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Layers;

namespace As2.Certificates;

/// <summary>
/// The two names by which a CMS structure points to a certificate. Both are taken from the certificate's own octets: a name that
/// is decoded and encoded again may differ in string types or serial form, and then no partner finds it.
/// </summary>
internal sealed record CertificateNames(ReadOnlyMemory<byte> IssuerAndSerialNumber, ReadOnlyMemory<byte> SubjectKeyIdentifier)
{
    /// <summary>Issuer and serial number in plain words.</summary>
    public string Text { get; } = RecipientInfo.Describe(IssuerAndSerialNumber);

    /// <summary>Reads them. A serial number that is zero or negative, and a broken extension, are taken as they are.</summary>
    public static CertificateNames Read(X509Certificate2 certificate)
        => new(ReadIssuerAndSerial(certificate.RawDataMemory), ReadKeyIdentifier(certificate));

    private static byte[] ReadIssuerAndSerial(ReadOnlyMemory<byte> der)
    {
        var tbs = new AsnReader(der, AsnEncodingRules.BER).ReadSequence().ReadSequence();
        if (tbs.PeekTag() == new Asn1Tag(TagClass.ContextSpecific, 0, true))
            tbs.ReadEncodedValue();
        var serial = tbs.ReadEncodedValue();
        tbs.ReadEncodedValue();
        var issuer = tbs.ReadEncodedValue();

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(issuer.Span);
            writer.WriteEncodedValue(serial.Span);
        }
        return writer.Encode();
    }

    private static byte[] ReadKeyIdentifier(X509Certificate2 certificate)
    {
        var extension = certificate.Extensions["2.5.29.14"];
        if (extension is not null && AsnDecoder.TryReadPrimitiveOctetString(
                extension.RawData, AsnEncodingRules.BER, out var identifier, out _))
            return identifier.ToArray();
#pragma warning disable CA5350 // RFC 5280 names keys by SHA-1; nothing is secured by it.
        return SHA1.HashData(certificate.PublicKey.EncodedKeyValue.RawData);
#pragma warning restore CA5350
    }
}
