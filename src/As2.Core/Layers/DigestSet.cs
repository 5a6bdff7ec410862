namespace As2.Layers;

/// <summary>Several digests of the same octets.</summary>
internal sealed class DigestSet : IDisposable
{
    private readonly List<Digester> _digesters = new(2);
    private List<MessageIntegrityCheck>? _finished;

    public DigestSet(IEnumerable<DigestAlgorithm> algorithms)
    {
        foreach (var algorithm in algorithms)
        {
            if (!_digesters.Exists(d => d.Algorithm == algorithm))
                _digesters.Add(new Digester(algorithm));
        }
    }

    public void Append(ReadOnlySpan<byte> octets)
    {
        foreach (var digester in _digesters)
            digester.Append(octets);
    }

    /// <summary>The digests of everything appended; nothing may be appended after.</summary>
    public IReadOnlyList<MessageIntegrityCheck> Finish()
        => _finished ??= _digesters.ConvertAll(d => new MessageIntegrityCheck(d.Algorithm, d.Finish()));

    /// <summary>The digest in this algorithm, or null where it was not computed.</summary>
    public ReadOnlyMemory<byte>? Find(DigestAlgorithm algorithm)
    {
        foreach (var mic in Finish())
        {
            if (mic.Algorithm == algorithm)
                return mic.Digest;
        }
        return null;
    }

    public void Dispose() => _digesters.ForEach(d => d.Dispose());
}
