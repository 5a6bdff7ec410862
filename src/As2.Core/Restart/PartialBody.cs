using System.Buffers.Binary;
using As2.Storage;
using Microsoft.Win32.SafeHandles;

namespace As2.Restart;

/// <summary>
/// What is held of one body: a file of its total length (8 octets, 0 when nobody said it) and the octets as they came. Held by one
/// request at a time. Not thread-safe.
/// </summary>
internal sealed class PartialBody(string path, PartialFolder folder, Action unlock, TimeProvider clock, IDurableFile durable) : IDisposable
{
    public const int HeaderBytes = 8;

    private SafeFileHandle? _file;
    private bool _isGivenUp;
    private bool _isDone;

    /// <summary>Octets held.</summary>
    public long Length { get; private set; }

    /// <summary>The length of the whole body; null when nobody said it.</summary>
    public long? Total { get; private set; }

    /// <summary>Opens what is there.</summary>
    public void Open()
    {
        if (!File.Exists(path))
            return;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (RandomAccess.Read(_file, header, 0) < HeaderBytes)
        {
            Delete();
            return;
        }
        Length = RandomAccess.GetLength(_file) - HeaderBytes;
        Total = BinaryPrimitives.ReadInt64BigEndian(header) is > 0 and var total ? total : null;
    }

    /// <summary>Forgets what is there: a body is sent from its start.</summary>
    public void Begin(long? total)
    {
        Delete();
        Total = total;
    }

    /// <summary>Keeps nothing of what comes.</summary>
    public void GiveUp()
    {
        Delete();
        _isGivenUp = true;
    }

    /// <summary>The length of the whole body, now that a range says it.</summary>
    public void Expect(long total) => Total = total;

    /// <summary>Adds octets. A disk or a bound that does not take them ends the keeping, never the message.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (_isGivenUp)
            return;
        if (!folder.TryTake(octets.Length))
        {
            GiveUp();
            return;
        }
        Length += octets.Length;
        if (!TryWrite(octets, Length - octets.Length))
            GiveUp();
    }

    /// <summary>Reads held octets.</summary>
    /// <exception cref="EndOfStreamException">They are not there.</exception>
    public void Read(Span<byte> octets, long at)
    {
        while (!octets.IsEmpty)
        {
            var read = _file is null ? 0 : RandomAccess.Read(_file, octets, HeaderBytes + at);
            if (read == 0)
                throw new EndOfStreamException("What was held of the message is shorter than it was.");
            octets = octets[read..];
            at += read;
        }
    }

    /// <summary>The message came to an end: nothing of it is to be resumed.</summary>
    public void Done() => _isDone = true;

    /// <summary>Keeps what came, unless the message is done, and lets the next request have it.</summary>
    public void Dispose()
    {
        if (_isDone || Length == 0)
            Delete();
        else
            Keep();
        unlock();
    }

    private bool TryWrite(ReadOnlySpan<byte> octets, long at)
    {
        try
        {
            _file ??= folder.HasPlace ? Create() : null;
            if (_file is not null)
                RandomAccess.Write(_file, octets, HeaderBytes + at);
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            return false;
        }
        return _file is not null;
    }

    private SafeFileHandle Create()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteInt64BigEndian(header, Total ?? 0);
        RandomAccess.Write(file, header, 0);
        return file;
    }

    private void Keep()
    {
        try
        {
            File.SetLastWriteTimeUtc(_file!, clock.GetUtcNow().UtcDateTime);
            durable.Flush(_file!, path);
            _file!.Dispose();
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            Delete(); // the sender sends it whole
        }
    }

    private void Delete()
    {
        _file?.Dispose();
        _file = null;
        folder.GiveBack(Length);
        Length = 0;
        PartialFolder.Remove(path);
    }
}
