using System.Formats.Asn1;

namespace As2.Layers;

/// <summary>Reads RecipientInfos (RFC 5652 §6.2). Kinds that name no certificate, passwords among them, are skipped.</summary>
internal static class RecipientInfoReader
{
    private static readonly Asn1Tag s_keyIdentifier = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag s_keyAgreement = new(TagClass.ContextSpecific, 1, isConstructed: true);
    private static readonly Asn1Tag s_originatorKey = new(TagClass.ContextSpecific, 1, isConstructed: true);
    private static readonly Asn1Tag s_explicit0 = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag s_explicit1 = new(TagClass.ContextSpecific, 1, isConstructed: true);

    public static List<RecipientInfo> Read(ReadOnlyMemory<byte> element, LayerLimits limits)
    {
        var found = new List<RecipientInfo>(1);
        var infos = new BerReader(element).ReadSetOf();
        for (var count = 0; infos.HasData; count++)
        {
            if (count == limits.MaxRecipients)
                throw Faults.Decryption($"More than {limits.MaxRecipients} recipients.");
            var tag = infos.PeekTag();
            if (tag == Asn1Tag.Sequence)
                found.Add(ReadKeyTransport(infos.ReadSequence()));
            else if (tag.HasSameClassAndValue(s_keyAgreement))
                ReadKeyAgreement(infos.ReadSequence(s_keyAgreement), found);
            else
                infos.ReadEncodedValue();
        }
        return found;
    }

    private static KeyTransportRecipient ReadKeyTransport(BerReader info)
    {
        info.ReadInteger();
        var (issuer, keyIdentifier) = ReadName(ref info, isImplicitSequence: false);
        var algorithm = info.ReadEncodedValue();
        return new KeyTransportRecipient(algorithm)
        {
            IssuerAndSerialNumber = issuer,
            KeyIdentifier = keyIdentifier,
            EncryptedKey = info.ReadOctetString(),
        };
    }

    private static void ReadKeyAgreement(BerReader info, List<RecipientInfo> found)
    {
        info.ReadInteger();
        var originator = info.ReadSequence(s_explicit0);
        if (!originator.PeekTag().HasSameClassAndValue(s_originatorKey))
            return;
        var publicKey = originator.ReadSequence(s_originatorKey);
        publicKey.ReadEncodedValue();
        var point = publicKey.ReadBitString();
        var material = info.PeekTag().HasSameClassAndValue(s_explicit1) ? info.ReadSequence(s_explicit1).ReadOctetString().ToArray() : [];
        var algorithm = info.ReadSequence();
        var scheme = algorithm.ReadObjectIdentifier();
        var wrap = algorithm.HasData ? algorithm.ReadEncodedValue() : default;
        var recipients = info.ReadSequence();
        while (recipients.HasData)
        {
            var recipient = recipients.ReadSequence();
            var (issuer, keyIdentifier) = ReadName(ref recipient, isImplicitSequence: true);
            found.Add(new KeyAgreementRecipient(point, material, scheme, wrap)
            {
                IssuerAndSerialNumber = issuer,
                KeyIdentifier = keyIdentifier,
                EncryptedKey = recipient.ReadOctetString(),
            });
        }
    }

    /// <summary>IssuerAndSerialNumber, or a key identifier: bare in key transport, in a SEQUENCE in key agreement.</summary>
    private static (ReadOnlyMemory<byte> Issuer, ReadOnlyMemory<byte> KeyIdentifier) ReadName(ref BerReader reader, bool isImplicitSequence)
    {
        if (!reader.PeekTag().HasSameClassAndValue(s_keyIdentifier))
            return (reader.ReadEncodedValue(), default);
        return (default, isImplicitSequence
            ? reader.ReadSequence(s_explicit0).ReadOctetString()
            : reader.ReadOctetString(s_keyIdentifier));
    }
}
