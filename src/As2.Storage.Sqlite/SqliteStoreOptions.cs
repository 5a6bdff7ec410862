namespace As2.Storage.Sqlite;

/// <summary>Where and how a <see cref="SqliteStore"/> keeps its data.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>The data folder, on a local disk; made if absent, held by one process.</summary>
    public string Folder { get; set; } = "data";

    /// <summary>
    /// Takes a data folder on a network file system, where a lock may be given twice and a flush may not reach the disk: messages can be
    /// lost or doubled. Default false: refused with AS2-STORE-002. For a throw-away trial only.
    /// </summary>
    public bool UnsafelyAllowNetworkFileSystem { get; set; }

    /// <summary>Checks the whole database at start. Default true.</summary>
    public bool CheckAtStart { get; set; } = true;

    /// <summary>
    /// How long the start waits for that check, which takes some seconds for each gigabyte. Default 5 seconds; what is left of it goes on
    /// beside the work, and damage found then ends the taking of new work.
    /// </summary>
    public TimeSpan CheckTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Below this many free bytes new work is refused, so that accepted work can be finished. Default 512 MiB.</summary>
    public long LeastFreeBytes { get; set; } = 512L << 20;
}
