namespace As2.Layers;

/// <summary>Computes the MIC of unsigned content as it streams past: the inner entity, or the bare content (RFC 4130 §7.3.1).</summary>
internal sealed class MicTap(LayerWalk walk, DigestSet digests, OctetStage next) : OctetStage
{
    public override void Push(ReadOnlySpan<byte> octets)
    {
        digests.Append(octets);
        next.Push(octets);
    }

    public override void Complete()
    {
        next.Complete();
        walk.SetMics(walk.Layers.Count > 0 ? MicScope.InnerEntity : MicScope.BareContent, digests.Finish());
    }

    public override void Dispose()
    {
        digests.Dispose();
        next.Dispose();
    }
}
