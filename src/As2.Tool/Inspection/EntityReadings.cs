using As2.Layers;

namespace As2.Tool.Inspection;

/// <summary>
/// Every way to take a MIC over one entity that deployed products use: with its header, its content alone and, while it is small,
/// with other line ends.
/// </summary>
internal sealed class EntityReadings : IOctetSink, IDisposable
{
    private const int MaxRetained = 1 << 20;

    private readonly DigestSet _whole;
    private readonly DigestSet _content;
    private readonly MemoryStream _retained = new();
    private readonly int _headerLength;
    private bool _isWhole = true;

    public EntityReadings(string name, bool isSigned, ReadOnlySpan<byte> header, IReadOnlyList<DigestAlgorithm> digests)
    {
        (Name, IsSigned, _headerLength) = (name, isSigned, header.Length);
        (_whole, _content) = (new DigestSet(digests), new DigestSet(digests));
        _whole.Append(header);
        _retained.Write(header);
    }

    /// <summary>Which entity, in plain words.</summary>
    public string Name { get; }

    /// <summary>True for what a signature covers.</summary>
    public bool IsSigned { get; }

    /// <summary>True once it came whole.</summary>
    public bool IsComplete { get; private set; }

    public void Push(ReadOnlySpan<byte> octets)
    {
        _whole.Append(octets);
        _content.Append(octets);
        if (!_isWhole)
            return;
        _isWhole = _retained.Length + octets.Length <= MaxRetained;
        if (_isWhole)
            _retained.Write(octets);
        else
            _retained.SetLength(0);
    }

    /// <summary>It has ended.</summary>
    public void Complete() => IsComplete = true;

    /// <summary>The readings in every digest; other line ends only in the preferred one.</summary>
    public IEnumerable<MicReport> Readings(DigestAlgorithm? preferred)
    {
        foreach (var mic in _headerLength > 0 ? _whole.Finish() : [])
            yield return Report(mic, Name);
        foreach (var mic in _content.Finish())
            yield return Report(mic, _headerLength > 0 ? $"{Name}, without its header" : Name);
        if (preferred is null || !_isWhole)
            yield break;
        var octets = _retained.GetBuffer().AsMemory(0, (int)_retained.Length);
        yield return Report(Hash(preferred, octets), _headerLength > 0 ? Name : $"{Name}, as it came");
        yield return Report(Hash(preferred, octets[_headerLength..]), $"{Name}, without its header");
        foreach (var reading in SignedReading.Others(octets.Span))
            yield return Report(Hash(preferred, reading.Octets), $"{Name}, {reading.Name}");
    }

    public void Dispose()
    {
        _whole.Dispose();
        _content.Dispose();
        _retained.Dispose();
    }

    public static MicReport Report(MessageIntegrityCheck mic, string reading)
        => new(mic.Algorithm.WireName, Convert.ToBase64String(mic.Digest.Span), reading);

    private static MessageIntegrityCheck Hash(DigestAlgorithm digest, ReadOnlyMemory<byte> octets) => new(digest, Digester.Hash(digest, octets.Span));
}
