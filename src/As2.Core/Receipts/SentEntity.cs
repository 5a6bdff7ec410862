using As2.Agreements;
using As2.Layers;
using As2.Mime;
using As2.Storage;

namespace As2.Receipts;

/// <summary>
/// Puts the innermost entity of a sent message together again from its stored payloads, octet for octet while the agreement is what
/// it was; a MIC of it that is kept tells whether it is.
/// </summary>
internal sealed class SentEntity(IBlobStore blobs, StoredMessage sent, Partnership partnership, DateTimeOffset now)
{
    /// <summary>True while every payload is still here.</summary>
    public bool IsAtHand => sent.Payloads.Count > 0 && sent.Payloads.All(p => !p.Content.IsPurged);

    /// <summary>The length of its payloads together.</summary>
    public long PayloadBytes => sent.Payloads.Sum(p => p.Content.Length);

    /// <summary>Where compression stands inside the octets that the MIC is over.</summary>
    public Compression CompressionInside => partnership.Sending is { Sign: true, Compression: Compression.BeforeSigning } ? Compression.BeforeSigning : Compression.None;

    /// <summary>Writes its header and its body.</summary>
    public async ValueTask WriteAsync(Compression compression, IEntitySink output, CancellationToken cancellationToken)
    {
        var body = new Body(output);
        using var writer = new LayerWriter(new LayerWriterOptions
        {
            Security = partnership.Sending with { Sign = false, Encrypt = false, Compression = compression },
            Quirks = partnership.Quirks,
            MessageId = sent.MessageId,
            Now = now,
        }, body, sent.IsMultipart);
        body.Writer = writer;
        var block = new byte[64 << 10];
        foreach (var payload in sent.Payloads)
        {
            var sink = writer.Begin(payload.ToHeader());
            var content = await blobs.OpenReadAsync(payload.Content, cancellationToken).ConfigureAwait(false);
            await using var _ = content.ConfigureAwait(false);
            int read;
            while ((read = await content.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
                sink.Push(block.AsSpan(0, read));
        }
        writer.Complete();
        body.Begin();
    }

    /// <summary>The header goes first, and is known only when the first octet of the body comes.</summary>
    private sealed class Body(IEntitySink output) : IOctetSink
    {
        private bool _begun;

        public LayerWriter? Writer { get; set; }

        public void Push(ReadOnlySpan<byte> octets)
        {
            Begin();
            output.PushBody(octets);
        }

        public void Begin()
        {
            if (!_begun)
                output.PushHeader(HeaderWriter.ToOctets(Writer!.Headers));
            _begun = true;
        }
    }
}

/// <summary>Takes an entity, its header once and then its body.</summary>
internal interface IEntitySink
{
    /// <summary>The header with its blank line.</summary>
    void PushHeader(ReadOnlySpan<byte> octets);

    /// <summary>The next octets of the body.</summary>
    void PushBody(ReadOnlySpan<byte> octets);
}
