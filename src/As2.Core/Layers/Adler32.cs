namespace As2.Layers;

/// <summary>The checksum of zlib (RFC 1950 §8.2); the platform keeps its own to itself.</summary>
internal struct Adler32()
{
    private const uint Modulus = 65521;

    /// <summary>So many octets before the sums can overflow.</summary>
    private const int Run = 5552;

    private uint _low = 1;
    private uint _high;

    public readonly uint Value => (_high << 16) | _low;

    public void Append(ReadOnlySpan<byte> octets)
    {
        for (; !octets.IsEmpty; octets = octets[Math.Min(Run, octets.Length)..])
        {
            var (low, high) = (_low, _high);
            foreach (var octet in octets[..Math.Min(Run, octets.Length)])
            {
                low += octet;
                high += low;
            }
            (_low, _high) = (low % Modulus, high % Modulus);
        }
    }
}
