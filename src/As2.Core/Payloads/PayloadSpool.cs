using As2.Layers;
using As2.Storage;

namespace As2.Payloads;

/// <summary>Takes the payloads of one message into the store while they stream past; nothing is published before the commit.</summary>
internal sealed class PayloadSpool(IBlobStore blobs, long? expectedLength) : IPayloadSink, IAsyncDisposable
{
    private readonly List<PayloadHeader> _headers = new(1);
    private readonly List<BlobWriter> _writers = new(1);

    /// <summary>What the message says about its payloads.</summary>
    public IReadOnlyList<PayloadHeader> Headers => _headers;

    /// <inheritdoc/>
    public IOctetSink Begin(PayloadHeader header)
    {
        var writer = blobs.Create(_writers.Count == 0 ? expectedLength : null);
        _headers.Add(header);
        _writers.Add(writer);
        return writer;
    }

    /// <summary>Makes every payload durable.</summary>
    public async ValueTask<IReadOnlyList<StoredPayload>> CommitAsync(CancellationToken cancellationToken)
    {
        var stored = new StoredPayload[_writers.Count];
        for (var i = 0; i < stored.Length; i++)
        {
            var (header, content) = (_headers[i], await _writers[i].CommitAsync(cancellationToken).ConfigureAwait(false));
            stored[i] = new StoredPayload(content, header.ContentType, header.FileName) { ContentId = header.ContentId };
        }
        return stored;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
            await writer.DisposeAsync().ConfigureAwait(false);
    }
}
