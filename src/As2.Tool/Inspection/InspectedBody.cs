using As2.Tool.Capture;
using As2.Tool.Cli;

namespace As2.Tool.Inspection;

/// <summary>A body block by block through one buffer, its start looked at beforehand.</summary>
internal sealed class InspectedBody
{
    private const int BlockBytes = 128 << 10;

    private readonly CapturedBody _body;
    private readonly Progress _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly byte[] _block = new byte[BlockBytes];
    private int _peeked;

    public InspectedBody(CapturedBody body, int peek, Progress progress, CancellationToken cancellationToken)
    {
        (_body, _progress, _cancellationToken) = (body, progress, cancellationToken);
        _peeked = body.Fill(_block.AsSpan(0, peek));
    }

    /// <summary>Its start; it stays to be read.</summary>
    public ReadOnlySpan<byte> Start => _block.AsSpan(0, _peeked);

    /// <summary>The next block, empty at the end; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        var length = _peeked > 0 ? _peeked : _body.Read(_block);
        _peeked = 0;
        _progress.Add(length);
        return _block.AsSpan(0, length);
    }

    /// <summary>All of it, or its first octets when there are more.</summary>
    public byte[] ReadAll(int max)
    {
        var all = new MemoryStream();
        ReadOnlySpan<byte> block;
        while (all.Length < max && !(block = Next()).IsEmpty)
            all.Write(block);
        return all.ToArray();
    }
}
