using As2.Layers;
using As2.Payloads;

namespace As2.Benchmarks;

/// <summary>Takes octets and payloads, and forgets them.</summary>
internal sealed class Discard : IOctetSink, IPayloadSink
{
    public static readonly Discard Instance = new();

    public void Push(ReadOnlySpan<byte> octets)
    {
    }

    public IOctetSink Begin(PayloadHeader header) => this;
}
