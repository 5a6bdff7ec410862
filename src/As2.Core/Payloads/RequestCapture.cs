using As2.Headers;
using As2.Layers;
using As2.Storage;

namespace As2.Payloads;

/// <summary>Keeps the start of a request, so that a refused message is not lost to the operator.</summary>
internal sealed class RequestCapture(IBlobStore blobs, int maxBytes) : IOctetSink, IAsyncDisposable
{
    private readonly BlobWriter _writer = blobs.Create(null);

    /// <inheritdoc/>
    public void Push(ReadOnlySpan<byte> octets)
    {
        var room = maxBytes - _writer.Length;
        if (room > 0)
            _writer.Push(octets[..(int)Math.Min(room, octets.Length)]);
    }

    /// <summary>Makes what was kept durable.</summary>
    public async ValueTask<WireMessage> CommitAsync(HeaderFields headers, CancellationToken cancellationToken)
        => new(headers, await _writer.CommitAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
