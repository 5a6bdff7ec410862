using System.Formats.Asn1;

namespace As2.Layers;

/// <summary>The signed attributes of a signer (RFC 5652 §5.3, §11). What is signed is their DER form as a SET, not the form sent.</summary>
internal sealed class SignedAttributes
{
    private const string ContentTypeOid = "1.2.840.113549.1.9.3";
    private const string MessageDigestOid = "1.2.840.113549.1.9.4";
    private const string SigningTimeOid = "1.2.840.113549.1.9.5";

    private static readonly Asn1Tag s_context0 = new(TagClass.ContextSpecific, 0, true);

    private readonly ReadOnlyMemory<byte> _field;

    private SignedAttributes(ReadOnlyMemory<byte> field) => _field = field;

    /// <summary>The octets that were signed, as a rule: as sent, with the tag of a SET.</summary>
    public PooledBuffer AsSent()
    {
        var octets = new PooledBuffer();
        octets.Append(_field.Span);
        octets.Span[0] = 0x31;
        return octets;
    }

    /// <summary>The content type that was signed, or null.</summary>
    public string? ContentType { get; private set; }

    /// <summary>The digest of the content that was signed, or null.</summary>
    public ReadOnlyMemory<byte>? MessageDigest { get; private set; }

    /// <summary>The claimed time of signing, or null.</summary>
    public DateTimeOffset? SigningTime { get; private set; }

    /// <summary>Reads the <c>[0] IMPLICIT</c> field.</summary>
    public static SignedAttributes Read(ReadOnlyMemory<byte> field)
    {
        var attributes = new SignedAttributes(field);
        var set = new BerReader(field).ReadSetOf(s_context0);
        while (set.HasData)
        {
            var attribute = set.ReadSequence();
            var type = attribute.ReadObjectIdentifier();
            var values = attribute.ReadSetOf();
            if (values.HasData)
                attributes.Take(type, values);
        }
        return attributes;
    }

    /// <summary>Writes the attributes we send, as a SET in DER.</summary>
    public static byte[] Write(ReadOnlySpan<byte> contentDigest, DateTimeOffset signingTime)
    {
        using var scratch = DerScratch.Begin(out var writer);
        // In the order that DER demands: by their octets, so the shortest first.
        using (writer.PushSetOf())
        {
            using (BeginAttribute(writer, ContentTypeOid))
            using (writer.PushSetOf())
                writer.WriteObjectIdentifier(SignedDataWriter.DataOid);
            using (BeginAttribute(writer, SigningTimeOid))
            using (writer.PushSetOf())
                WriteTime(writer, signingTime);
            using (BeginAttribute(writer, MessageDigestOid))
            using (writer.PushSetOf())
                writer.WriteOctetString(contentDigest);
        }
        return writer.Encode();
    }

    private void Take(string type, BerReader values)
    {
        if (type == ContentTypeOid)
            ContentType = values.ReadObjectIdentifier();
        else if (type == MessageDigestOid)
            MessageDigest = values.ReadOctetString();
        else if (type == SigningTimeOid)
            SigningTime = ReadTime(values);
    }

    /// <summary>The octets that should have been signed: sorted as DER demands (RFC 5652 §5.4). Null when they were sent so.</summary>
    public byte[]? Sorted()
    {
        var attributes = new List<ReadOnlyMemory<byte>>();
        for (var set = new BerReader(_field).ReadSetOf(s_context0); set.HasData;)
            attributes.Add(set.ReadEncodedValue());
        attributes.Sort((left, right) => left.Span.SequenceCompareTo(right.Span));
        using var scratch = DerScratch.Begin(out var writer);
        using (writer.PushSetOf())
            attributes.ForEach(a => writer.WriteEncodedValue(a.Span));
        using var asSent = AsSent();
        return writer.EncodedValueEquals(asSent.Span) ? null : writer.Encode();
    }

    // RFC 5652 §11.3: UTCTime through 2049. A time that cannot be read is as good as none: nothing is decided on it.
    private static DateTimeOffset? ReadTime(BerReader values)
    {
        try
        {
            return values.ReadTime();
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.Year < 2050)
            writer.WriteUtcTime(time.ToUniversalTime());
        else
            writer.WriteGeneralizedTime(time.ToUniversalTime(), omitFractionalSeconds: true);
    }

    private static AsnWriter.Scope BeginAttribute(AsnWriter writer, string type)
    {
        var attribute = writer.PushSequence();
        writer.WriteObjectIdentifier(type);
        return attribute;
    }
}
