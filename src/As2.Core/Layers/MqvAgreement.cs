using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace As2.Layers;

/// <summary>
/// One-pass ECMQV (RFC 5753 §3.2), which OpenAS2 sends to EC certificates. The platform has no MQV; BouncyCastle computes it.
/// Read only.
/// </summary>
internal static class MqvAgreement
{
    private static readonly Asn1Tag s_addedMaterial = new(TagClass.ContextSpecific, 0, isConstructed: true);

    public static bool IsMqv(string scheme) => scheme.StartsWith("1.3.132.1.15.", StringComparison.Ordinal) || scheme == "1.3.133.16.840.63.0.16";

    /// <summary>The shared secret; our one key stands for both of ours.</summary>
    public static byte[] Derive(ECDiffieHellman ours, KeyAgreementRecipient recipient)
    {
        var parameters = ours.ExportParameters(includePrivateParameters: true);
        var domain = ECNamedCurveTable.GetByOid(new(parameters.Curve.Oid.Value ?? throw new CryptographicException("The curve has no name.")))
            ?? throw new CryptographicException("The curve is not known here.");
        var group = new ECDomainParameters(domain);
        var key = new ECPrivateKeyParameters(new BigInteger(1, parameters.D!), group);
        try
        {
            var agreement = new ECMqvBasicAgreement();
            agreement.Init(new MqvPrivateParameters(key, key));
            var theirs = new MqvPublicParameters(Point(recipient.OriginatorKey, group), Point(EphemeralKey(recipient), group));
            return agreement.CalculateAgreement(theirs).ToByteArrayUnsigned().PadLeft(agreement.GetFieldSize());
        }
        catch (Exception invalid) when (invalid is ArgumentException or InvalidOperationException)
        {
            throw new CryptographicException("The originator's keys are no points of our curve.", invalid);
        }
    }

    /// <summary>MQVuserKeyingMaterial stands in the place of user keying material, and may carry some (RFC 5753 §7.2).</summary>
    public static byte[] AddedMaterial(KeyAgreementRecipient recipient)
    {
        var material = new BerReader(recipient.KeyMaterial).ReadSequence();
        material.ReadEncodedValue();
        return material.HasData ? material.ReadSequence(s_addedMaterial).ReadOctetString().ToArray() : [];
    }

    private static byte[] EphemeralKey(KeyAgreementRecipient recipient)
    {
        var publicKey = new BerReader(recipient.KeyMaterial).ReadSequence().ReadSequence();
        publicKey.ReadEncodedValue();
        return publicKey.ReadBitString();
    }

    private static ECPublicKeyParameters Point(byte[] encoded, ECDomainParameters group) => new(group.Curve.DecodePoint(encoded), group);

    private static byte[] PadLeft(this byte[] octets, int length) => [.. new byte[Math.Max(0, length - octets.Length)], .. octets];
}
