namespace As2.Layers;

/// <summary>Takes octets as they stream past. The layers chain sinks; none of them keeps more than a block.</summary>
public interface IOctetSink
{
    /// <summary>Takes the next octets; the span is only valid during the call.</summary>
    void Push(ReadOnlySpan<byte> octets);
}
