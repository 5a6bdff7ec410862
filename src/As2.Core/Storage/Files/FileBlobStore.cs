using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace As2.Storage;

/// <summary>
/// Blobs as files: <c>blobs/yyyy/MM/dd/id</c> in a folder of its own, written under <c>spool</c> first and published by a checked
/// fsync, a rename and an fsync of the folder. One process at a time unless it is shared. Thread-safe.
/// </summary>
public sealed partial class FileBlobStore : IBlobStore, Restart.IHasFolder
{
    private const string PartExtension = ".part";

    // A file on its way is written to more often than that.
    private static readonly TimeSpan s_longestWrite = TimeSpan.FromDays(1);

    private readonly string _folder;
    private readonly string _blobs;
    private readonly string _spool;
    private readonly IDurableFile _durable;
    private readonly TimeProvider _time;
    private readonly Func<long> _freeBytes;

    /// <summary>Opens the store, and removes what a former process left half-written.</summary>
    /// <param name="folder">The folder; made if absent. Nobody else may write here.</param>
    /// <param name="time">Dates new blobs. Default: the system's clock.</param>
    /// <param name="durable">Makes files durable. Default: the operating system's way.</param>
    /// <exception cref="As2Exception">AS2-STORE-*: the folder cannot be used.</exception>
    /// <param name="isShared">
    /// True: several nodes use the folder, on a file system that all have mounted. Only what nobody can be writing any more is removed.
    /// Default: it is this process's own.
    /// </param>
    public FileBlobStore(string folder, TimeProvider? time = null, IDurableFile? durable = null, bool isShared = false)
    {
        (_time, _durable, _folder) = (time ?? TimeProvider.System, durable ?? DurableFile.Instance, folder);
        (_blobs, _spool) = (Path.Combine(folder, "blobs"), Path.Combine(folder, "spool"));
        _freeBytes = () => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        try
        {
            MakeFolder(_blobs);
            Directory.CreateDirectory(_spool);
            foreach (var part in Directory.EnumerateFiles(_spool, "*" + PartExtension))
            {
                if (!isShared || File.GetLastWriteTimeUtc(part) < (_time.GetUtcNow() - s_longestWrite).UtcDateTime)
                    File.Delete(part);
            }
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            throw StoreFault.FromDisk(e, folder);
        }
    }

    /// <summary>Makes a content of what is small enough. Default: a copy, hashed at once, by this thread and not by the one that writes for all.</summary>
    internal Func<ReadOnlySpan<byte>, StoredContent> Inline { get; init; }
        = static octets => new StoredContent { Length = octets.Length, Sha256 = ContentDigest.Of(octets), Inline = octets.ToArray() };

    /// <inheritdoc/>
    string Restart.IHasFolder.Folder => _folder;

    /// <summary>Opens content of a folder that another process may hold and clean up: nothing is made, nothing removed.</summary>
    /// <exception cref="As2Exception">AS2-STORE-008: the content is missing.</exception>
    internal static ValueTask<Stream> OpenReadAsync(string folder, StoredContent content, CancellationToken cancellationToken)
        => OpenAsync(Path.Combine(folder, "blobs"), content, cancellationToken);

    /// <inheritdoc/>
    public BlobWriter Create(long? expectedLength)
    {
        // Asked first: a reservation that fails has filled the disk for a moment, and everybody else's writes with it.
        if (expectedLength > StoredContent.MaxInlineBytes && expectedLength > _freeBytes())
            throw StoreFault.Full(_spool, null);
        return new FileBlobWriter(this, expectedLength, _durable);
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(StoredContent content, CancellationToken cancellationToken) => OpenAsync(_blobs, content, cancellationToken);

    private static ValueTask<Stream> OpenAsync(string blobs, StoredContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (content.Held is { } held)
            return ValueTask.FromResult(held.OpenRead());
        if (content.Inline is { } inline)
            return ValueTask.FromResult<Stream>(MemoryMarshal.TryGetArray(inline, out var array)
                ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
                : new MemoryStream(inline.ToArray(), writable: false));
        if (content.BlobName is not { } name)
            throw StoreFault.Lost(content.Sha256, "was purged by the retention policy");
        try
        {
            var file = new FileStream(PathOf(blobs, name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            return ValueTask.FromResult<Stream>(new VerifiedStream(file, content));
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            throw StoreFault.Lost(name, "cannot be opened: " + e.Message, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string blobName, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            File.Delete(PathOf(blobName));
        }
        catch (DirectoryNotFoundException)
        {
            // Absent is fine.
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            throw StoreFault.FromDisk(e, blobName);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync(TimeSpan age, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var newest = (_time.GetUtcNow() - age).ToUnixTimeMilliseconds();
        foreach (var path in Directory.EnumerateFiles(_blobs, "*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(_blobs, path).Replace('\\', '/');
            if (NamePattern().IsMatch(name) && MadeAt(name) <= newest)
                yield return name;
        }
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <summary>Where a large content is written before it is published; its name is that of the blob to be.</summary>
    internal string NewPart() => Path.Combine(_spool, Guid.CreateVersion7(_time.GetUtcNow()).ToString("N") + PartExtension);

    /// <summary>Gives a flushed part its final name, and returns that of the blob.</summary>
    internal string Publish(string part)
    {
        var id = Path.GetFileNameWithoutExtension(part);
        var day = _time.GetUtcNow().ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture);
        var name = $"{day}/{id}";
        MakeFolder(Path.Combine(_blobs, day));
        CrashPoint.Hit("I2");
        _durable.Publish(part, PathOf(name));
        CrashPoint.Hit("I3");
        return name;
    }

    // A new folder is durable only when its parent was flushed.
    private void MakeFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(Path.GetFullPath(path))!;
        MakeFolder(parent);
        Directory.CreateDirectory(path);
        _durable.FlushFolder(parent);
    }

    private string PathOf(string name) => PathOf(_blobs, name);

    private static string PathOf(string blobs, string name) => NamePattern().IsMatch(name)
        ? Path.Combine(blobs, name)
        : throw StoreFault.Lost(name, "has a name that this store never made");

    // The first 48 bits of a version 7 UUID are its Unix time in milliseconds.
    private static long MadeAt(string name) => long.Parse(name.AsSpan(11, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9a-f]{32}\z")]
    private static partial Regex NamePattern();
}
