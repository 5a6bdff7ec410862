using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using As2.Storage;

namespace As2.Restart;

/// <summary>
/// Keeps what came of messages whose transfer was cut: one file for each (AS2-From, AS2-To, ETag) in a folder beside the store, names
/// made from digests alone. One request at a time holds a part. One process at a time. Thread-safe.
/// </summary>
public sealed class PartialBodies
{
    private readonly Lazy<string> _root;
    private readonly RestartLimits _limits;
    private readonly TimeProvider _clock;
    private readonly IDurableFile _durable;
    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PartialFolder> _folders = new(StringComparer.Ordinal);

    /// <summary>Keeps parts in a folder.</summary>
    /// <param name="folder">The folder; made when the first part comes. Nobody else may write here.</param>
    /// <param name="limits">Bounds for each partnership.</param>
    /// <param name="clock">Dates parts.</param>
    /// <param name="durable">Makes files durable. Default: the operating system's way.</param>
    public PartialBodies(string folder, RestartLimits limits, TimeProvider clock, IDurableFile? durable = null)
        : this(new Lazy<string>(Path.GetFullPath(folder)), limits, clock, durable)
    {
    }

    internal PartialBodies(Lazy<string> root, RestartLimits limits, TimeProvider clock, IDurableFile? durable)
        => (_root, _limits, _clock, _durable) = (root, limits, clock, durable ?? DurableFile.Instance);

    /// <summary>Removes parts that are too old. A service calls it every hour or so.</summary>
    public void Collect()
    {
        if (!Directory.Exists(_root.Value))
            return;
        foreach (var folder in Directory.EnumerateDirectories(_root.Value))
            Collect(folder);
    }

    /// <summary>Beside the blobs of a store; null for a store without a folder, or where nothing is to be kept.</summary>
    internal static PartialBodies? Beside(IBlobStore blobs, RestartLimits limits, TimeProvider clock)
        => blobs is IHasFolder store && !limits.KeepsNothing
            ? new PartialBodies(new Lazy<string>(() => Path.Combine(store.Folder, "restart")), limits, clock, null)
            : null;

    /// <summary>How many octets of a transfer are held; null while a request holds it.</summary>
    internal long? LengthOf(TransferTag tag)
    {
        var path = PathOf(tag);
        if (_held.ContainsKey(path))
            return null;
        var file = new FileInfo(path);
        return file.Exists && file.LastWriteTimeUtc >= Oldest ? Math.Max(0, file.Length - PartialBody.HeaderBytes) : 0;
    }

    /// <summary>Takes hold of a transfer; null while another request holds it.</summary>
    internal PartialBody? TryHold(TransferTag tag)
    {
        var path = PathOf(tag);
        if (!TryLock(path))
            return null;
        Collect(Path.GetDirectoryName(path)!);
        var body = new PartialBody(path, FolderOf(path), () => Unlock(path), _clock, _durable);
        try
        {
            body.Open();
            return body;
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            Unlock(path);
            throw StoreFault.FromDisk(e, path);
        }
    }

    /// <summary>Makes room for a transfer that begins; false when it cannot be kept.</summary>
    internal bool MakeRoom(TransferTag tag, long? total) => FolderOf(PathOf(tag)).MakeRoom(total ?? 0, TryLock, Unlock);

    private DateTime Oldest => (_clock.GetUtcNow() - _limits.MaxAge).UtcDateTime;

    // The part that a request holds is locked, so it is never too old.
    private void Collect(string folder) => FolderAt(folder).Collect(Oldest, TryLock, Unlock);

    private bool TryLock(string path) => _held.TryAdd(path, true);

    private void Unlock(string path) => _held.TryRemove(path, out _);

    private PartialFolder FolderOf(string path) => FolderAt(Path.GetDirectoryName(path)!);

    private PartialFolder FolderAt(string folder) => _folders.GetOrAdd(folder, static (path, limits) => new PartialFolder(path, limits), _limits);

    // AS2 names hold no control characters, so the NUL keeps the two apart.
    private string PathOf(TransferTag tag) => Path.Combine(_root.Value, Digest($"{tag.From}\0{tag.To}"), Digest(tag.Tag));

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>A store with a folder of its own, in which other things of the same data may stand.</summary>
internal interface IHasFolder
{
    /// <summary>The folder.</summary>
    string Folder { get; }
}
