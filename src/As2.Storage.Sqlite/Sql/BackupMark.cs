namespace As2.Storage.Sqlite;

/// <summary>A file that a backup holds locked while it copies, so that the process that owns the folder removes no blob meanwhile.</summary>
internal static class BackupMark
{
    /// <summary>Held until it is disposed.</summary>
    /// <exception cref="As2Exception">AS2-STORE-001: another backup is under way; -010: no access.</exception>
    public static IDisposable Hold(string folder)
    {
        try
        {
            return Open(folder);
        }
        catch (UnauthorizedAccessException e)
        {
            throw StoreFault.FromDisk(e, PathOf(folder));
        }
        catch (IOException e)
        {
            throw new As2Exception(StoreFault.FolderInUse, $"Another backup of '{folder}' is under way. Wait for its end.", e);
        }
    }

    public static bool IsHeld(string folder)
    {
        if (!File.Exists(PathOf(folder)))
            return false;
        try
        {
            Open(folder).Dispose();
            return false;
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            return true;
        }
    }

    private static FileStream Open(string folder) => new(PathOf(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static string PathOf(string folder) => Path.Combine(folder, "backup.lock");
}
