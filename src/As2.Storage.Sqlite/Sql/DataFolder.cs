namespace As2.Storage.Sqlite;

/// <summary>The data folder, held by one process: two writers would each believe that they are alone.</summary>
internal sealed class DataFolder : IDisposable
{
    private static readonly string[] s_networkFormats =
        ["nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "fuse", "fuseblk", "9p", "v9fs", "afs", "ceph", "lustre", "gfs", "gfs2", "glusterfs", "virtiofs"];

    private readonly FileStream _lock;

    /// <exception cref="As2Exception">AS2-STORE-001, -002 or -010: the folder cannot be used.</exception>
    public DataFolder(string path, bool allowNetwork = false, Func<string, (DriveType Type, string Format)>? drive = null)
    {
        Path = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            throw StoreFault.FromDisk(e, Path);
        }
        if (!allowNetwork)
            RefuseNetwork((drive ?? DriveOf)(Path));
        _lock = Lock(System.IO.Path.Combine(Path, "lock"));
    }

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "as2.db");

    public void Dispose() => _lock.Dispose();

    private static (DriveType Type, string Format) DriveOf(string path)
    {
        var drive = new DriveInfo(OperatingSystem.IsWindows() ? System.IO.Path.GetPathRoot(path)! : path);
        return (drive.DriveType, drive.DriveFormat);
    }

    private void RefuseNetwork((DriveType Type, string Format) drive)
    {
        // FUSE has a subtype: fuse.sshfs.
        if (drive.Type != DriveType.Network && !s_networkFormats.Contains(drive.Format.Split('.')[0], StringComparer.OrdinalIgnoreCase))
            return;
        throw new As2Exception(StoreFault.NetworkFolder,
            $"The data folder '{Path}' is on a network file system ({drive.Format}), where locks and flushes cannot be trusted. Use a local disk.");
    }

    private FileStream Lock(string file)
    {
        try
        {
            // FileShare.None is an exclusive flock(2), which the system gives back however this process ends.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw StoreFault.FromDisk(e, file);
        }
        catch (IOException e)
        {
            throw new As2Exception(StoreFault.FolderInUse,
                $"The data folder '{Path}' is in use by another process. Stop that one, or give this one a data folder of its own.", e);
        }
    }
}
