using As2.Layers;
using As2.Storage;

namespace As2.Payloads;

/// <summary>Takes the payloads of one message into the store while they stream past; nothing is published before the commit.</summary>
internal sealed class PayloadSpool(IBlobStore blobs, long? expectedLength) : IPayloadSink, IAsyncDisposable
{
    private readonly List<(PayloadHeader Header, BlobWriter Writer)> _payloads = [];

    /// <summary>What the message says about its payloads.</summary>
    public IEnumerable<PayloadHeader> Headers => _payloads.Select(p => p.Header);

    /// <inheritdoc/>
    public IOctetSink Begin(PayloadHeader header)
    {
        var writer = blobs.Create(_payloads.Count == 0 ? expectedLength : null);
        _payloads.Add((header, writer));
        return writer;
    }

    /// <summary>Makes every payload durable.</summary>
    public async ValueTask<IReadOnlyList<StoredPayload>> CommitAsync(CancellationToken cancellationToken)
    {
        var stored = new List<StoredPayload>(_payloads.Count);
        foreach (var (header, writer) in _payloads)
            stored.Add(new StoredPayload(await writer.CommitAsync(cancellationToken).ConfigureAwait(false), header.ContentType, header.FileName) { ContentId = header.ContentId });
        return stored;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, writer) in _payloads)
            await writer.DisposeAsync().ConfigureAwait(false);
    }
}
