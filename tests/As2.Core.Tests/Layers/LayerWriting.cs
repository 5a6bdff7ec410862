using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Testing;

namespace As2.Core.Tests.Layers;

/// <summary>Packs payloads with a <see cref="LayerWriter"/> and keeps the message.</summary>
internal sealed record LayerWriting(PackedEntity Entity, byte[] Body)
{
    public static readonly As2Certificate Alice = TestKeys.Rsa("alice");
    public static readonly As2Certificate Bob = TestKeys.Rsa("bob");
    public static readonly PayloadHeader Order = new() { ContentType = "application/edifact", FileName = "order.edi" };

    public static SecurityAgreement Bare { get; } = new() { Sign = false, Encrypt = false };

    public HeaderFields Headers => Entity.Headers;

    public static LayerWriterOptions Options(SecurityAgreement security, params As2Certificate[] recipients) => new()
    {
        Security = security,
        Signer = Alice,
        Recipients = recipients.Length == 0 ? [TestKeys.PublicOf(Bob)] : [.. recipients.Select(TestKeys.PublicOf)],
        Now = LayerReading.Now,
    };

    public static LayerWriting Of(SecurityAgreement security, ReadOnlyMemory<byte> payload, PushManner? manner = null)
        => Of(Options(security), payload, manner);

    public static LayerWriting Of(LayerWriterOptions options, ReadOnlyMemory<byte> payload, PushManner? manner = null, PayloadHeader? header = null)
    {
        var body = new Output();
        using var writer = new LayerWriter(options, body);
        (manner ?? PushManner.Whole).Push(payload, writer.Begin(header ?? Order));
        return new LayerWriting(writer.Complete(), body.ToArray());
    }

    public static LayerWriting OfMany(LayerWriterOptions options, params (PayloadHeader Header, byte[] Octets)[] payloads)
    {
        var body = new Output();
        using var writer = new LayerWriter(options, body, attachments: true);
        foreach (var (header, octets) in payloads)
            writer.Begin(header).Push(octets);
        return new LayerWriting(writer.Complete(), body.ToArray());
    }

    /// <summary>What Bob, or who opens it, makes of it.</summary>
    public LayerReading Read(PushManner? manner = null, As2Certificate? opens = null)
        => LayerReading.Of(Headers, Body, LayerReading.Options(opens ?? Bob, TestKeys.PublicOf(Alice), Entity.Mics[0].Algorithm), manner);

    /// <summary>The whole entity as a file that openssl reads.</summary>
    public byte[] ToEntity() => [.. As2.Mime.HeaderWriter.ToOctets(Headers), .. Body];

    private sealed class Output : IOctetSink
    {
        private readonly MemoryStream _octets = new();

        public void Push(ReadOnlySpan<byte> octets) => _octets.Write(octets);

        public byte[] ToArray() => _octets.ToArray();
    }
}
