using System.Security.Cryptography;

namespace As2.Storage;

/// <summary>Reads a blob and compares its digest at the end: a damaged content is never taken for a whole one.</summary>
internal sealed class VerifiedStream : Stream
{
    private readonly Stream _inner;
    private readonly StoredContent _content;
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;
    private bool _checked;

    public VerifiedStream(Stream inner, StoredContent content) => (_inner, _content) = (inner, content);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var count = _inner.Read(buffer);
        Take(buffer[..count], atEnd: count == 0 && buffer.Length > 0);
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Take(buffer.Span[..count], atEnd: count == 0 && buffer.Length > 0);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _sha256.Dispose();
        }
        base.Dispose(disposing);
    }

    // The last octets are given out only with a digest that fits, so that no reader can end a copy without the check.
    private void Take(ReadOnlySpan<byte> octets, bool atEnd)
    {
        _sha256.AppendData(octets);
        _read += octets.Length;
        if (_checked || (_read < _content.Length && !atEnd))
            return;
        _checked = true;
        if (_read != _content.Length || Convert.ToHexStringLower(_sha256.GetHashAndReset()) != _content.Sha256)
            throw StoreFault.Lost(_content.BlobName!, $"is damaged: its SHA-256 is not {_content.Sha256}");
    }
}
