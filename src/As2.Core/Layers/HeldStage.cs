namespace As2.Layers;

/// <summary>
/// Keeps a fault of the inner stage back until the layer around it has been judged: a broken signature or a failed decryption
/// explains what went wrong inside, and is what the receipt must say. Counts the content of that layer.
/// </summary>
internal sealed class HeldStage(Layer layer, OctetStage inner) : OctetStage
{
    /// <summary>The fault that stopped the inner stage, or null.</summary>
    public ProtocolFault? Fault { get; private set; }

    public override void Push(ReadOnlySpan<byte> octets)
    {
        layer.ContentBytes += octets.Length;
        if (Fault is not null)
            return;
        try
        {
            inner.Push(octets);
        }
        catch (ProtocolFault fault)
        {
            Fault = fault;
        }
    }

    public override void Complete()
    {
        if (Fault is not null)
            return;
        try
        {
            inner.Complete();
        }
        catch (ProtocolFault fault)
        {
            Fault = fault;
        }
    }

    public override void Dispose() => inner.Dispose();
}
