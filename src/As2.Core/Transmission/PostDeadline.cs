namespace As2.Transmission;

/// <summary>
/// The time that a post has left. While its body goes out, only a server that takes nothing of it for a while ends the post: a large
/// file on a slow line has the time it needs. From the last octet on, the whole answer has its own time. For one post.
/// </summary>
internal sealed class PostDeadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly HttpPost _post;
    private long _taken;
    private bool _isSending;

    public PostDeadline(HttpPost post, CancellationToken cancellationToken)
    {
        _post = post;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source.CancelAfter(post.Timeout);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Which time was over.</summary>
    public string Explanation => _isSending
        ? $"the server took nothing for {SendIdleTimeout.TotalSeconds:0} s, after {_taken} of {_post.Length} octets"
        : $"no answer within {_post.Timeout.TotalSeconds:0} s";

    private TimeSpan SendIdleTimeout => _post.Connection.Agreement.SendIdleTimeout;

    /// <summary>The body, seen on its way: whoever asks for the next block has got rid of the one before.</summary>
    public Stream Watch(Stream body)
    {
        _isSending = true;
        _source.CancelAfter(_post.Connection.Agreement.ConnectTimeout + SendIdleTimeout);
        return new Watched(this, body);
    }

    public void Dispose() => _source.Dispose();

    private void Sent(int block)
    {
        _isSending = block > 0;
        _taken += block;
        _source.CancelAfter(_isSending ? SendIdleTimeout : _post.Timeout);
    }

    private sealed class Watched(PostDeadline deadline, Stream body) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            deadline.Sent(read);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
