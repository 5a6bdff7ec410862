namespace As2.Layers;

/// <summary>Counts the content of a layer.</summary>
internal sealed class CountingStage(Layer record, OctetStage next) : OctetStage
{
    public override void Push(ReadOnlySpan<byte> octets)
    {
        record.ContentBytes += octets.Length;
        next.Push(octets);
    }

    public override void Complete() => next.Complete();

    public override void Dispose() => next.Dispose();
}
