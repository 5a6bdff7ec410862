namespace As2.Layers;

/// <summary>Several digests of the same octets; those of a large message are computed beside the rest of the work.</summary>
internal sealed class DigestSet : IOctetSink, IDisposable
{
    private readonly List<Digester> _digesters = new(1);
    private readonly Relay _relay;
    private List<MessageIntegrityCheck>? _finished;

    public DigestSet(IReadOnlyList<DigestAlgorithm> algorithms)
    {
        _relay = new Relay(this);
        for (var i = 0; i < algorithms.Count; i++)
        {
            if (!Computes(algorithms[i]))
                _digesters.Add(new Digester(algorithms[i]));
        }
    }

    public void Append(ReadOnlySpan<byte> octets) => _relay.Push(octets);

    void IOctetSink.Push(ReadOnlySpan<byte> octets)
    {
        foreach (var digester in _digesters)
            digester.Append(octets);
    }

    /// <summary>The digests of everything appended; nothing may be appended after.</summary>
    public List<MessageIntegrityCheck> Finish()
    {
        _relay.Complete();
        return _finished ??= _digesters.ConvertAll(d => new MessageIntegrityCheck(d.Algorithm, d.Finish()));
    }

    private bool Computes(DigestAlgorithm algorithm)
    {
        foreach (var digester in _digesters)
        {
            if (digester.Algorithm == algorithm)
                return true;
        }
        return false;
    }

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

    public void Dispose()
    {
        _relay.Dispose();
        _digesters.ForEach(d => d.Dispose());
    }
}
