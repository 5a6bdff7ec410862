using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>Turns SQLite's result codes into faults with a stable id.</summary>
internal static class SqliteFault
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>The fault to show to the caller; what is no fault of the database comes back as it is.</summary>
    public static Exception Translate(Exception e, string path) => (e as SqliteException)?.SqliteErrorCode switch
    {
        Full => StoreFault.Full(path, e),
        IoError => new As2Exception(StoreFault.NotDurable, $"'{path}' could not be made durable: {e.Message} Nothing was acknowledged; check the disk.", e),
        ReadOnly or CannotOpen => new As2Exception(StoreFault.NoAccess, $"'{path}' cannot be written: {e.Message} Give the service's user write access.", e),
        Corrupt or NotADatabase => Damaged(path, e.Message, e),
        Busy or Locked => new As2Exception(StoreFault.Locked, $"'{path}' is locked by another program. End it (a shell on the database, a backup tool).", e),
        _ => e,
    };

    public static As2Exception Damaged(string path, string findings, Exception? inner = null)
        => new(StoreFault.Damaged, $"The database '{path}' is damaged: {findings} Stop the service and restore a backup.", inner);
}
