using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace As2.Storage;

/// <summary>Takes one content: in memory while it is small, to a file of the spool from there on.</summary>
internal sealed class FileBlobWriter : BlobWriter
{
    private const int SmallBuffer = 16 << 10;

    private readonly FileBlobStore _store;
    private readonly long _expected;
    private readonly IDurableFile _durable;
    private IncrementalHash? _sha256;
    private string _part = "";
    private byte[] _buffer;
    private int _buffered;
    private long _written;
    private SafeFileHandle? _file;
    private bool _disposed;

    /// <param name="store">Where a large content goes.</param>
    /// <param name="expectedLength">Room to reserve, where it is known.</param>
    /// <param name="durable">Makes the file durable.</param>
    public FileBlobWriter(FileBlobStore store, long? expectedLength, IDurableFile durable)
    {
        (_store, _durable, _expected) = (store, durable, expectedLength ?? 0);
        _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(_expected, SmallBuffer, StoredContent.MaxInlineBytes));
        if (_expected > StoredContent.MaxInlineBytes)
            OnDisk(Open);
    }

    public override long Length => _written + _buffered;

    public override void Push(ReadOnlySpan<byte> octets)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (!octets.IsEmpty)
        {
            if (_buffered == StoredContent.MaxInlineBytes)
                OnDisk(Spill);
            var taken = Math.Min(octets.Length, StoredContent.MaxInlineBytes - _buffered);
            if (_buffer.Length < _buffered + taken)
                Grow(_buffered + taken);
            octets[..taken].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += taken;
            octets = octets[taken..];
        }
    }

    public override ValueTask<StoredContent> CommitAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var content = Length > StoredContent.MaxInlineBytes ? CommitBlob() : _store.Inline(_buffer.AsSpan(0, _buffered));
        Release();
        return ValueTask.FromResult(content);
    }

    public override ValueTask DisposeAsync()
    {
        Release();
        return ValueTask.CompletedTask;
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(Math.Max(length, 2 * _buffer.Length), StoredContent.MaxInlineBytes));
        _buffer.AsSpan(0, _buffered).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private StoredContent CommitBlob()
    {
        var (length, blob) = (Length, "");
        OnDisk(() => blob = WriteOut());
        return new StoredContent { Length = length, Sha256 = Convert.ToHexStringLower(_sha256!.GetHashAndReset()), BlobName = blob };
    }

    private string WriteOut()
    {
        Spill();
        if (_expected > _written)
            RandomAccess.SetLength(_file!, _written); // gives back what was reserved beyond the end
        _durable.Flush(_file!, _part);
        _file!.Dispose();
        return _store.Publish(_part);
    }

    private void Spill()
    {
        if (_file is null)
            Open();
        _sha256 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _sha256.AppendData(_buffer, 0, _buffered);
        RandomAccess.Write(_file!, _buffer.AsSpan(0, _buffered), _written);
        _written += _buffered;
        _buffered = 0;
    }

    private void Open()
    {
        _part = _store.NewPart();
        const int NoErrno = unchecked((int)0x80131620), NoSpace = 28;
        try
        {
            _file = File.OpenHandle(_part, FileMode.CreateNew, FileAccess.Write, FileShare.None, preallocationSize: _expected);
        }
        catch (IOException e) when (_expected > 0 && e.HResult == NoErrno)
        {
            // A reservation that the disk has no room for is the one fault that the runtime throws without its errno.
            throw new IOException(e.Message, NoSpace);
        }
    }

    private void OnDisk(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            Release();
            throw StoreFault.FromDisk(e, _part);
        }
    }

    private void Release()
    {
        if (_disposed)
            return;
        _disposed = true;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _sha256?.Dispose();
        if (_file is null)
            return;
        _file.Dispose();
        try
        {
            File.Delete(_part); // published, it is gone already
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            // The disk that refused the content refuses this too; the sweep of the next start removes it.
        }
    }
}
