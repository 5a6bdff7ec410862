using System.Formats.Asn1;
using As2.Agreements;
using As2.Certificates;

namespace As2.Layers;

/// <summary>Writes the RecipientInfo of one certificate: key transport for RSA, key agreement for EC.</summary>
internal static class RecipientInfoWriter
{
    public static void Write(AsnWriter writer, As2Certificate recipient, byte[] key, KeyTransport transport)
    {
        if (recipient.RsaPublicKey is not { } rsa)
        {
            KeyAgreement.Write(writer, recipient, key);
            return;
        }
        using var _ = writer.PushSequence();
        writer.WriteInteger(0);
        writer.WriteEncodedValue(recipient.IssuerAndSerialNumber.Span);
        RsaPadding.Write(writer, transport);
        Span<byte> wrapped = stackalloc byte[SignatureMethod.MaxBytes];
        writer.WriteOctetString(wrapped[..rsa.Encrypt(key, wrapped, RsaPadding.PlatformOf(transport))]);
    }
}
