using System.Buffers;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Storage;
using As2.Telemetry;

namespace As2.Transmission;

/// <summary>From a payload to the wire bytes that are posted, both kept by the store. Thread-safe.</summary>
internal sealed class MessagePacking(PartnerServices partners, StorageServices storage, As2Options options, TimeProvider clock)
{
    private const int BlockBytes = 64 << 10;

    private static readonly MessageState[] s_unpacked = [MessageState.Submitted, MessageState.Suspended, MessageState.RetryWait];

    /// <summary>Keeps a payload.</summary>
    public async ValueTask<StoredPayload> StoreAsync(Payload payload, string contentType, CancellationToken cancellationToken)
    {
        await using var writer = storage.Blobs.Create(payload.Length);
        await using var content = await payload.OpenAsync(cancellationToken).ConfigureAwait(false);
        await CopyAsync(content, writer, cancellationToken).ConfigureAwait(false);
        var stored = await writer.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new StoredPayload(stored, payload.ContentType ?? contentType, payload.FileName) { ContentId = payload.ContentId };
    }

    /// <summary>Step 2. Nothing of it has left the house before it is stored, so a crash in here only means to pack again.</summary>
    public async ValueTask<StoredMessage> PackAsync(Job job, StoredMessage message, Partnership partnership, CancellationToken cancellationToken)
    {
        using var span = As2Telemetry.Step(SpanNames.Pack);
        await using var body = storage.Blobs.Create(null);
        using var layers = new LayerWriter(await WriterOptionsAsync(message, partnership, cancellationToken).ConfigureAwait(false), body, message.IsMultipart);
        foreach (var payload in message.Payloads)
        {
            var sink = layers.Begin(payload.ToHeader());
            await using var content = await storage.Blobs.OpenReadAsync(payload.Content, cancellationToken).ConfigureAwait(false);
            await CopyAsync(content, sink, cancellationToken).ConfigureAwait(false);
        }
        PackedEntity entity;
        using (await partners.Keys.EnterAsync(isLast: false, cancellationToken).ConfigureAwait(false))
            entity = layers.Complete();
        var wire = new WireMessage(
            MessageHeaders.ForMessage(message.MessageId, partnership, entity, options, clock.GetUtcNow()),
            await body.CommitAsync(cancellationToken).ConfigureAwait(false));
        IReadOnlyList<string> mics = [.. entity.Mics.Select(m => m.ToString())];
        var packed = await storage.Messages.ApplyAsync(job, new Transition
        {
            From = s_unpacked,
            To = MessageState.Packaged,
            Job = JobOutcome.Continue,
            Wire = wire,
            Mics = mics,
            Security = entity.Description,
            Events = [("packed", $"{entity.Description}, {wire.Body.Length} bytes, MIC {mics.FirstOrDefault()}")],
        }, cancellationToken).ConfigureAwait(false);
        return packed
            ? message with { State = MessageState.Packaged, Wire = wire, Mics = mics, Security = entity.Description }
            : throw new OperationCanceledException($"Another worker has taken over message {message.Id}.");
    }

    private async ValueTask<LayerWriterOptions> WriterOptionsAsync(StoredMessage message, Partnership partnership, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var signers = await partners.Certificates.SelectAsync(partnership, CertificateRole.Sign, now, cancellationToken).ConfigureAwait(false);
        return new LayerWriterOptions
        {
            Security = partnership.Sending,
            Signer = signers.FirstOrDefault(),
            Recipients = await partners.Certificates.SelectAsync(partnership, CertificateRole.Encrypt, now, cancellationToken).ConfigureAwait(false),
            Quirks = partnership.Quirks,
            MessageId = message.MessageId,
            Now = now,
        };
    }

    private static async ValueTask CopyAsync(Stream from, IOctetSink to, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            int read;
            while ((read = await from.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
                to.Push(block.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
