using System.Buffers;
using System.Security.Cryptography;

namespace As2.Storage.S3;

/// <summary>Takes one content: in memory while it is small, from there on in parts, one of which is under way while the next one fills.</summary>
internal sealed class S3BlobWriter : BlobWriter
{
    private readonly S3Upload _upload;
    private readonly string _name;
    private readonly int _partBytes;
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _filling;
    private byte[] _sending = [];
    private int _filled;
    private long _taken;
    private Task _underWay = Task.CompletedTask;
    private bool _disposed;

    public S3BlobWriter(S3Upload upload, string name, int partBytes)
    {
        (_upload, _name, _partBytes) = (upload, name, partBytes);
        _filling = ArrayPool<byte>.Shared.Rent(StoredContent.MaxInlineBytes);
    }

    public override long Length => _taken;

    public override void Push(ReadOnlySpan<byte> octets)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _sha256.AppendData(octets);
        _taken += octets.Length;
        while (!octets.IsEmpty)
        {
            if (_filled == _filling.Length)
                MakeRoom();
            var count = Math.Min(octets.Length, _filling.Length - _filled);
            octets[..count].CopyTo(_filling.AsSpan(_filled));
            _filled += count;
            octets = octets[count..];
        }
    }

    public override async ValueTask<StoredContent> CommitAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        ReadOnlyMemory<byte>? inline = null;
        if (_taken <= StoredContent.MaxInlineBytes)
            inline = _filling.AsSpan(0, _filled).ToArray();
        else
            await SendRestAsync(cancellationToken).ConfigureAwait(false);
        return new StoredContent
        {
            Length = _taken, Sha256 = Convert.ToHexStringLower(_sha256.GetHashAndReset()), Inline = inline, BlobName = inline is null ? _name : null,
        };
    }

    public override async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        // The part under way uses its buffer until it ends.
        await _underWay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _upload.AbortAsync().ConfigureAwait(false);
        _sha256.Dispose();
        Return(_filling);
        Return(_sending);
    }

    private async Task SendRestAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _underWay.ConfigureAwait(false);
            await _upload.FinishAsync(_filling.AsMemory(0, _filled), _taken, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (S3Fault.IsOfService(e))
        {
            throw S3Fault.Translate(e, _name);
        }
    }

    // Grows to a whole part first; then the full buffer goes out while the other one fills.
    private void MakeRoom()
    {
        if (_filling.Length < _partBytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_partBytes);
            _filling.AsSpan(0, _filled).CopyTo(larger);
            Return(_filling);
            _filling = larger;
            return;
        }
        try
        {
            // A sink takes octets synchronously: whoever pushes faster than the service takes waits here.
            _underWay.GetAwaiter().GetResult();
        }
        catch (Exception e) when (S3Fault.IsOfService(e))
        {
            throw S3Fault.Translate(e, _name);
        }
        if (_sending.Length == 0)
            _sending = ArrayPool<byte>.Shared.Rent(_partBytes);
        (_filling, _sending) = (_sending, _filling);
        var part = _sending.AsMemory(0, _filled);
        _filled = 0;
        _underWay = Task.Run(() => _upload.SendAsync(part, CancellationToken.None));
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
