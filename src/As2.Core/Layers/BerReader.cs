using System.Formats.Asn1;
using System.Numerics;

namespace As2.Layers;

/// <summary>
/// Reads elements of BER one after the other, by the platform's decoder. What AsnReader is, but a value: its objects were a fifth of
/// what unpacking a message allocates.
/// </summary>
internal struct BerReader(ReadOnlyMemory<byte> octets)
{
    private ReadOnlyMemory<byte> _rest = octets;

    /// <summary>True while elements follow.</summary>
    public readonly bool HasData => !_rest.IsEmpty;

    /// <summary>The tag of the next element.</summary>
    public readonly Asn1Tag PeekTag() => Asn1Tag.Decode(_rest.Span, out _);

    /// <summary>The next element whole, with its header.</summary>
    public ReadOnlyMemory<byte> ReadEncodedValue()
    {
        AsnDecoder.ReadEncodedValue(_rest.Span, AsnEncodingRules.BER, out _, out _, out var length);
        return Take(0, length, length);
    }

    /// <summary>The elements of a SEQUENCE.</summary>
    public BerReader ReadSequence(Asn1Tag? tag = null)
    {
        AsnDecoder.ReadSequence(_rest.Span, AsnEncodingRules.BER, out var start, out var length, out var consumed, tag);
        return new BerReader(Take(start, length, consumed));
    }

    /// <summary>The elements of a SET OF, in any order.</summary>
    public BerReader ReadSetOf(Asn1Tag? tag = null)
    {
        AsnDecoder.ReadSetOf(_rest.Span, AsnEncodingRules.BER, out var start, out var length, out var consumed, skipSortOrderValidation: true, tag);
        return new BerReader(Take(start, length, consumed));
    }

    public string ReadObjectIdentifier()
    {
        var oid = AsnDecoder.ReadObjectIdentifier(_rest.Span, AsnEncodingRules.BER, out var consumed);
        _rest = _rest[consumed..];
        return oid;
    }

    /// <summary>The octets of an OCTET STRING; copied only where it comes in pieces.</summary>
    public ReadOnlyMemory<byte> ReadOctetString(Asn1Tag? tag = null)
    {
        if (AsnDecoder.TryReadPrimitiveOctetString(_rest.Span, AsnEncodingRules.BER, out var value, out var consumed, tag))
            return Take(consumed - value.Length, value.Length, consumed);
        var octets = AsnDecoder.ReadOctetString(_rest.Span, AsnEncodingRules.BER, out consumed, tag);
        _rest = _rest[consumed..];
        return octets;
    }

    /// <summary>The octets of a BIT STRING.</summary>
    public byte[] ReadBitString()
    {
        var bits = AsnDecoder.ReadBitString(_rest.Span, AsnEncodingRules.BER, out _, out var consumed);
        _rest = _rest[consumed..];
        return bits;
    }

    /// <summary>The octets of an INTEGER.</summary>
    public ReadOnlySpan<byte> ReadIntegerBytes()
    {
        var value = AsnDecoder.ReadIntegerBytes(_rest.Span, AsnEncodingRules.BER, out var consumed);
        _rest = _rest[consumed..];
        return value;
    }

    public BigInteger ReadInteger() => new(ReadIntegerBytes(), isBigEndian: true);

    /// <summary>An INTEGER; false when it does not fit.</summary>
    public bool TryReadInt32(out int value)
    {
        var fits = AsnDecoder.TryReadInt32(_rest.Span, AsnEncodingRules.BER, out value, out var consumed);
        if (fits)
            _rest = _rest[consumed..];
        return fits;
    }

    /// <summary>A UTCTime or GeneralizedTime.</summary>
    public readonly DateTimeOffset ReadTime() => PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
        ? AsnDecoder.ReadUtcTime(_rest.Span, AsnEncodingRules.BER, out _)
        : AsnDecoder.ReadGeneralizedTime(_rest.Span, AsnEncodingRules.BER, out _);

    private ReadOnlyMemory<byte> Take(int start, int length, int consumed)
    {
        var taken = _rest.Slice(start, length);
        _rest = _rest[consumed..];
        return taken;
    }
}
