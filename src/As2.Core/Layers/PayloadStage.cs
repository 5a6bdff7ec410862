namespace As2.Layers;

/// <summary>The end of the chain: one payload on its way to its sink, counted.</summary>
internal sealed class PayloadStage(LayerWalk walk, IOctetSink sink) : OctetStage
{
    public override void Push(ReadOnlySpan<byte> octets)
    {
        walk.CountPayload(octets.Length);
        if (!octets.IsEmpty)
            sink.Push(octets);
    }

    public override void Complete()
    {
    }

    public override void Dispose()
    {
    }
}
