namespace As2.Layers;

/// <summary>
/// The octets that a signature covers: hashed as they stream past, and kept while they are few, for digests that nobody announced
/// and for the readings of <see cref="SignatureJudge"/>.
/// </summary>
/// <param name="algorithms">The digests.</param>
/// <param name="isCanonicalWanted">True: the digests of the octets with CRLF line ends are taken too, of any length.</param>
internal sealed class SignedContent(IEnumerable<DigestAlgorithm> algorithms, bool isCanonicalWanted = false) : IDisposable
{
    /// <summary>Octets kept at most.</summary>
    public const int MaxRetained = 1 << 20;

    private readonly DigestSet _digests = new(algorithms);
    private readonly CanonicalDigests? _canonical = isCanonicalWanted ? new CanonicalDigests(algorithms) : null;
    private readonly PooledBuffer _retained = new();
    private bool _isWhole = true;

    public void Append(ReadOnlySpan<byte> octets)
    {
        _digests.Append(octets);
        _canonical?.Push(octets);
        if (!_isWhole)
            return;
        _isWhole = _retained.Length + octets.Length <= MaxRetained;
        if (_isWhole)
            _retained.Append(octets);
        else
            _retained.Dispose();
    }

    /// <summary>The octets, while they are few.</summary>
    public bool TryGetRetained(out ReadOnlySpan<byte> octets)
    {
        octets = _retained.Span;
        return _isWhole;
    }

    /// <summary>The digest in an algorithm; null when it was not computed and the octets are gone.</summary>
    public ReadOnlyMemory<byte>? Digest(DigestAlgorithm algorithm)
        => _digests.Find(algorithm) ?? (_isWhole ? Digester.Hash(algorithm, _retained.Span) : null);

    /// <summary>The digest with CRLF line ends, or null where it was not wanted.</summary>
    public ReadOnlyMemory<byte>? CanonicalDigest(DigestAlgorithm algorithm) => _canonical?.Find(algorithm);

    /// <summary>Every digest that was computed on the way.</summary>
    public IReadOnlyList<MessageIntegrityCheck> Digests() => _digests.Finish();

    public void Dispose()
    {
        _digests.Dispose();
        _canonical?.Dispose();
        _retained.Dispose();
    }
}
