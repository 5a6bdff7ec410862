using As2.Headers;
using As2.Layers;
using As2.Storage;

namespace As2.Payloads;

/// <summary>
/// Keeps the start of a request, so that a refused message is not lost to the operator: in memory, and beyond what a row of the store
/// takes in a spool file. Nothing is made durable of what was not refused.
/// </summary>
internal sealed class RequestCapture(IBlobStore blobs, int maxBytes) : IOctetSink, IAsyncDisposable
{
    private readonly PooledBuffer _start = new();
    private BlobWriter? _spool;
    private ReadOnlyMemory<byte> _last;

    /// <summary>Keeps a block; the last one stays where it is, for as a rule nobody asks for it.</summary>
    /// <param name="block">The block; the last one is valid to the end of the walk.</param>
    /// <param name="isLast">True: none follows.</param>
    public void Take(ReadOnlyMemory<byte> block, bool isLast)
    {
        if (isLast)
            _last = block;
        else
            Push(block.Span);
    }

    /// <inheritdoc/>
    public void Push(ReadOnlySpan<byte> octets)
    {
        var room = maxBytes - (_spool?.Length ?? _start.Length);
        octets = octets[..(int)Math.Min(Math.Max(room, 0), octets.Length)];
        if (_spool is null && _start.Length + octets.Length > StoredContent.MaxInlineBytes)
            Spool();
        if (_spool is null)
            _start.Append(octets);
        else if (!octets.IsEmpty)
            _spool.Push(octets);
    }

    /// <summary>Makes what was kept durable.</summary>
    public async ValueTask<WireMessage> CommitAsync(HeaderFields headers, CancellationToken cancellationToken)
    {
        Push(_last.Span);
        if (_spool is null)
            Spool();
        return new(headers, await _spool!.CommitAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _start.Dispose();
        return _spool?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private void Spool()
    {
        _spool = blobs.Create(null);
        _spool.Push(_start.Span);
        _start.Dispose();
    }
}
