namespace As2.Layers;

/// <summary>Tag and length of a BER element (X.690 §8.1.2–8.1.3), collected octet by octet.</summary>
internal struct BerHeader
{
    /// <summary>Tag of up to 5 octets, then a length of up to 9.</summary>
    private const int MaxOctets = 14;

    private Octets _octets;
    private int _used;
    private int _tagOctets;

    /// <summary>The first octet: class, constructed bit and low tag number.</summary>
    public readonly int Tag => _octets[0];

    /// <summary>Octets of the content; -1 for the indefinite form.</summary>
    public long Length { get; private set; }

    public readonly bool IsConstructed => (Tag & 0x20) != 0;

    public readonly bool IsEndOfContents => Tag == 0 && Length == 0;

    public readonly int CopyTo(Span<byte> destination)
    {
        for (var i = 0; i < _used; i++)
            destination[i] = _octets[i];
        return _used;
    }

    public readonly bool IsBegun => _used > 0;

    /// <summary>Takes one octet; true when the header is complete.</summary>
    /// <exception cref="FormatException">This is no BER.</exception>
    public bool Take(byte octet)
    {
        if (_used == MaxOctets)
            throw new FormatException("A BER header of more than 14 octets.");
        _octets[_used++] = octet;
        if (_tagOctets == 0)
        {
            var isHighTag = (_octets[0] & 0x1F) == 0x1F;
            if (isHighTag && (_used == 1 || (octet & 0x80) != 0))
                return false;
            _tagOctets = _used;
            return false;
        }
        return TakeLength(octet, _used - _tagOctets);
    }

    private bool TakeLength(byte octet, int position)
    {
        var first = _octets[_tagOctets];
        if (position == 1)
        {
            Length = first == 0x80 ? -1 : first & 0x7F;
            if (first <= 0x80)
                return true;
            if (first > 0x88)
                throw new FormatException("A BER length of more than 8 octets.");
            Length = 0;
            return false;
        }
        if (Length > long.MaxValue >> 9)
            throw new FormatException("A BER length beyond 2^54.");
        Length = (Length << 8) | octet;
        return position - 1 == (first & 0x7F);
    }

    [System.Runtime.CompilerServices.InlineArray(MaxOctets)]
    private struct Octets
    {
        private byte _first;
    }
}
