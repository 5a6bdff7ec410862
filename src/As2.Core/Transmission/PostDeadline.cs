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

    /// <summary>A body will follow, as soon as there is a connection.</summary>
    public void Begin()
    {
        _isSending = true;
        _source.CancelAfter(_post.Connection.Agreement.ConnectTimeout + SendIdleTimeout);
    }

    /// <summary>A block of the body goes out: those before it are gone. None: the body has ended.</summary>
    public void Sending(int block)
    {
        _isSending = block > 0;
        _taken += block;
        _source.CancelAfter(_isSending ? SendIdleTimeout : _post.Timeout);
    }

    public void Dispose() => _source.Dispose();
}
