namespace As2.Layers;

/// <summary>A link of the chain that octets stream through: it takes them as they come and is told when there are no more.</summary>
internal abstract class OctetStage : IOctetSink, IDisposable
{
    /// <inheritdoc/>
    public abstract void Push(ReadOnlySpan<byte> octets);

    /// <summary>The octets have ended; called once, not after a fault.</summary>
    public abstract void Complete();

    public abstract void Dispose();
}
