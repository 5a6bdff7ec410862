using As2.Storage;

namespace As2.Ftp.Tests.Server;

/// <summary>A blob store on a disk that may run full; what it throws then is what the real one throws.</summary>
public sealed class SmallDisk(IBlobStore inner) : IBlobStore
{
    /// <summary>Bytes that a new blob finds. Default: enough.</summary>
    public long RoomLeft { get; set; } = long.MaxValue;

    public BlobWriter Create(long? expectedLength) => new Writer(inner.Create(expectedLength), RoomLeft);

    public ValueTask<Stream> OpenReadAsync(StoredContent content, CancellationToken cancellationToken) => inner.OpenReadAsync(content, cancellationToken);

    public ValueTask DeleteAsync(string blobName, CancellationToken cancellationToken) => inner.DeleteAsync(blobName, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(TimeSpan age, CancellationToken cancellationToken) => inner.ListAsync(age, cancellationToken);

    private sealed class Writer(BlobWriter inner, long room) : BlobWriter
    {
        public override long Length => inner.Length;

        public override void Push(ReadOnlySpan<byte> octets)
        {
            if (inner.Length + octets.Length > room)
                throw new As2Exception("AS2-STORE-005", "No room left.");
            inner.Push(octets);
        }

        public override ValueTask<StoredContent> CommitAsync(CancellationToken cancellationToken) => inner.CommitAsync(cancellationToken);

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
