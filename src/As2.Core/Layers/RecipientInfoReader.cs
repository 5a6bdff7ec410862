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
        var infos = new AsnReader(element, AsnEncodingRules.BER).ReadSetOf(skipSortOrderValidation: true);
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

    private static KeyTransportRecipient ReadKeyTransport(AsnReader info)
    {
        info.ReadInteger();
        var (issuer, keyIdentifier) = ReadName(info, isImplicitSequence: false);
        var algorithm = info.ReadEncodedValue().ToArray();
        return new KeyTransportRecipient(algorithm)
        {
            IssuerAndSerialNumber = issuer,
            KeyIdentifier = keyIdentifier,
            EncryptedKey = info.ReadOctetString(),
        };
    }

    private static void ReadKeyAgreement(AsnReader info, List<RecipientInfo> found)
    {
        info.ReadInteger();
        var originator = info.ReadSequence(s_explicit0);
        if (!originator.PeekTag().HasSameClassAndValue(s_originatorKey))
            return;
        var publicKey = originator.ReadSequence(s_originatorKey);
        publicKey.ReadEncodedValue();
        var point = publicKey.ReadBitString(out _);
        var material = info.PeekTag().HasSameClassAndValue(s_explicit1) ? info.ReadSequence(s_explicit1).ReadOctetString() : [];
        var algorithm = info.ReadSequence();
        var scheme = algorithm.ReadObjectIdentifier();
        var wrap = algorithm.HasData ? algorithm.ReadEncodedValue().ToArray() : [];
        var recipients = info.ReadSequence();
        while (recipients.HasData)
        {
            var recipient = recipients.ReadSequence();
            var (issuer, keyIdentifier) = ReadName(recipient, isImplicitSequence: true);
            found.Add(new KeyAgreementRecipient(point, material, scheme, wrap)
            {
                IssuerAndSerialNumber = issuer,
                KeyIdentifier = keyIdentifier,
                EncryptedKey = recipient.ReadOctetString(),
            });
        }
    }

    /// <summary>IssuerAndSerialNumber, or a key identifier: bare in key transport, in a SEQUENCE in key agreement.</summary>
    private static (byte[] Issuer, byte[] KeyIdentifier) ReadName(AsnReader reader, bool isImplicitSequence)
    {
        if (!reader.PeekTag().HasSameClassAndValue(s_keyIdentifier))
            return (reader.ReadEncodedValue().ToArray(), []);
        return ([], isImplicitSequence
            ? reader.ReadSequence(s_explicit0).ReadOctetString()
            : reader.ReadOctetString(s_keyIdentifier));
    }
}
