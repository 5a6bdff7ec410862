namespace As2.Layers;

/// <summary>
/// The octets that a signature covers. While they are few they are kept, for whatever digest the signature turns out to use and for
/// the readings of <see cref="SignatureJudge"/>; more of them are hashed as they stream past, in the digests that were announced.
/// </summary>
/// <param name="announced">Says the digests of content that is not kept.</param>
/// <param name="isCanonicalWanted">True: the digests of the octets with CRLF line ends are taken too, of any length.</param>
internal sealed class SignedContent(Func<IReadOnlyList<DigestAlgorithm>> announced, bool isCanonicalWanted = false) : IDisposable
{
    /// <summary>Octets kept at most.</summary>
    public const int MaxRetained = 256 << 10;

    private readonly CanonicalDigests? _canonical = isCanonicalWanted ? new CanonicalDigests(announced()) : null;
    private readonly PooledBuffer _retained = new();
    private DigestSet? _digests;

    public void Append(ReadOnlySpan<byte> octets)
    {
        _canonical?.Push(octets);
        if (_digests is null && _retained.Length + octets.Length > MaxRetained)
            BeginDigests();
        if (_digests is null)
            _retained.Append(octets);
        else
            _digests.Append(octets);
    }

    /// <summary>The octets, while they are few.</summary>
    public bool TryGetRetained(out ReadOnlySpan<byte> octets)
    {
        octets = _retained.Span;
        return _digests is null;
    }

    /// <summary>The digest in an algorithm; null when it was not computed and the octets are gone.</summary>
    public ReadOnlyMemory<byte>? Digest(DigestAlgorithm algorithm)
        => _digests is null ? Digester.Hash(algorithm, _retained.Span) : _digests.Find(algorithm);

    /// <summary>The digest with CRLF line ends, or null where it was not wanted.</summary>
    public ReadOnlyMemory<byte>? CanonicalDigest(DigestAlgorithm algorithm) => _canonical?.Find(algorithm);

    public void Dispose()
    {
        _digests?.Dispose();
        _canonical?.Dispose();
        _retained.Dispose();
    }

    private void BeginDigests()
    {
        _digests = new DigestSet(announced());
        _digests.Append(_retained.Span);
        _retained.Dispose();
    }
}
