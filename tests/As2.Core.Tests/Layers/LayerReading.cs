using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Testing;

namespace As2.Core.Tests.Layers;

/// <summary>Runs octets through a <see cref="LayerReader"/> and keeps what came out.</summary>
internal sealed record LayerReading(LayerTrace Trace, IReadOnlyList<LayerReading.Received> Payloads)
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public byte[] Payload => Payloads.Single().Octets;

    public static LayerReading Of(HeaderFields headers, ReadOnlyMemory<byte> body, LayerReaderOptions options, PushManner? manner = null)
    {
        var store = new Store();
        using var reader = new LayerReader(headers, options, store);
        (manner ?? PushManner.Whole).Push(body, reader);
        return new LayerReading(reader.Complete(), [.. store.Sinks.Select(s => new Received(s.Header, s.Octets.ToArray()))]);
    }

    public static LayerReaderOptions Options(As2Certificate? opens = null, As2Certificate? signedBy = null, params DigestAlgorithm[] mics) => new()
    {
        DecryptionKeys = opens is null ? [] : [opens],
        VerificationCertificates = signedBy is null ? [] : [signedBy],
        MicDigests = mics.Length == 0 ? [DigestAlgorithm.Sha256] : mics,
        Now = Now,
    };

    internal sealed record Received(PayloadHeader Header, byte[] Octets);

    private sealed class Store : IPayloadSink
    {
        public List<Sink> Sinks { get; } = [];

        public IOctetSink Begin(PayloadHeader header)
        {
            Sinks.Add(new Sink(header));
            return Sinks[^1];
        }
    }

    private sealed class Sink(PayloadHeader header) : IOctetSink
    {
        public PayloadHeader Header { get; } = header;

        public MemoryStream Octets { get; } = new();

        public void Push(ReadOnlySpan<byte> octets) => Octets.Write(octets);
    }
}
