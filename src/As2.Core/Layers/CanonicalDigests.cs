using As2.Mime;

namespace As2.Layers;

/// <summary>The digests of octets as they would be with CRLF line ends, for partners between whom and us line ends change.</summary>
internal sealed class CanonicalDigests : IOctetSink, IDisposable
{
    private readonly DigestSet _digests;
    private readonly CrLfStage _stage;

    public CanonicalDigests(IReadOnlyList<DigestAlgorithm> algorithms)
    {
        _digests = new DigestSet(algorithms);
        _stage = new CrLfStage(new End(_digests));
    }

    public void Push(ReadOnlySpan<byte> octets) => _stage.Push(octets);

    public ReadOnlyMemory<byte>? Find(DigestAlgorithm algorithm) => _digests.Find(algorithm);

    public void Dispose() => _stage.Dispose();

    private sealed class End(DigestSet digests) : OctetStage
    {
        public override void Push(ReadOnlySpan<byte> octets) => digests.Append(octets);

        public override void Complete()
        {
        }

        public override void Dispose() => digests.Dispose();
    }
}
