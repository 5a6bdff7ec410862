using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using As2.Headers;

namespace As2;

/// <summary>The body of a request, read block by block, counted, and looked at once before the walk begins.</summary>
internal sealed class RequestBody(As2Request request, long maxBytes) : IDisposable
{
    private const int BlockBytes = 64 << 10;
    private const int PeekBytes = 8 << 10;

    // One octet more than the body has: where it ends is seen without a second block.
    private readonly byte[] _block = ArrayPool<byte>.Shared.Rent((int)Math.Clamp((request.ContentLength ?? BlockBytes) + 1, PeekBytes, BlockBytes));
    private int _peeked;
    private long _total;
    private bool _isAtEnd;

    /// <summary>Gets everything that is read, where it is captured.</summary>
    public Telemetry.CaptureFile? Capture { get; init; }

    /// <summary>True when the last block was given.</summary>
    public bool IsAtEnd => _isAtEnd;

    /// <summary>Bytes read so far.</summary>
    public long Total => _total;

    /// <summary>
    /// The next block, empty at the end. Valid until the next call. Blocks are whole but for the last: a host gives a body in pieces of a
    /// few KiB, and each push waits for its turn.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        var length = _peeked;
        _peeked = 0;
        while (!_isAtEnd && length < _block.Length)
            length += await FillAsync(length, cancellationToken).ConfigureAwait(false);
        return _block.AsMemory(0, length);
    }

    /// <summary>
    /// True when the body is a receipt: multipart/report, or multipart/signed whose first part is one (RFC 4130 §7.2). Only the
    /// start of the body is looked at, and it stays to be read.
    /// </summary>
    public async ValueTask<bool> IsReceiptAsync(CancellationToken cancellationToken)
    {
        var type = request.Headers[As2HeaderNames.ContentType]!.TrimStart(' ', '\t', '"');
        if (type.StartsWith("multipart/report", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!type.StartsWith("multipart/signed", StringComparison.OrdinalIgnoreCase))
            return false;
        while (_peeked < PeekBytes && await FillAsync(_peeked, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            _peeked += read;
        return FirstPartHeaders(_block.AsSpan(0, Math.Min(_peeked, PeekBytes))).Contains("multipart/report", StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_block);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FillAsync(int offset, CancellationToken cancellationToken)
    {
        var read = await request.Body.ReadAsync(_block.AsMemory(offset), cancellationToken).ConfigureAwait(false);
        _isAtEnd = read == 0;
        _total += read;
        Capture?.Push(_block.AsSpan(offset, read));
        return _total > maxBytes ? throw new BodyTooLargeException() : read;
    }

    private static string FirstPartHeaders(ReadOnlySpan<byte> start)
    {
        var delimiter = start.StartsWith("--"u8) ? 0 : start.IndexOf("\n--"u8);
        if (delimiter < 0)
            return "";
        var part = start[delimiter..];
        var end = part.IndexOf("\r\n\r\n"u8) is >= 0 and var crlf ? crlf : part.IndexOf("\n\n"u8);
        return Encoding.Latin1.GetString(end < 0 ? part : part[..end]);
    }
}

/// <summary>The body is longer than the agreement allows.</summary>
internal sealed class BodyTooLargeException : Exception;
