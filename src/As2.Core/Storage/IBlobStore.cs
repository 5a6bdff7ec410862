using As2.Layers;

namespace As2.Storage;

/// <summary>Keeps content too large for a row. Thread-safe.</summary>
public interface IBlobStore
{
    /// <summary>Starts a new content. Nothing of it is visible before <see cref="BlobWriter.CommitAsync"/>.</summary>
    /// <param name="expectedLength">The length in bytes where it is known: a store without room fails at once.</param>
    /// <exception cref="As2Exception">AS2-STORE-*: the store cannot take it.</exception>
    BlobWriter Create(long? expectedLength);

    /// <summary>Opens content from its start, inline or blob. The caller disposes the stream.</summary>
    ValueTask<Stream> OpenReadAsync(StoredContent content, CancellationToken cancellationToken);

    /// <summary>Removes a blob; absent is fine.</summary>
    ValueTask DeleteAsync(string blobName, CancellationToken cancellationToken);

    /// <summary>The blobs older than <paramref name="age"/>, for the collector of those that no row names.</summary>
    IAsyncEnumerable<string> ListAsync(TimeSpan age, CancellationToken cancellationToken);
}

/// <summary>
/// Takes one content. Keeps up to <see cref="StoredContent.MaxInlineBytes"/> in memory, more goes to the store as it comes.
/// Disposing without a commit leaves nothing behind. Not thread-safe.
/// </summary>
public abstract class BlobWriter : IOctetSink, IAsyncDisposable
{
    /// <summary>Bytes taken so far.</summary>
    public abstract long Length { get; }

    /// <inheritdoc/>
    public abstract void Push(ReadOnlySpan<byte> octets);

    /// <summary>Makes the content durable and gives its reference; small content comes back inline.</summary>
    /// <exception cref="As2Exception">AS2-STORE-*: it could not be made durable; nothing refers to it.</exception>
    public abstract ValueTask<StoredContent> CommitAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
