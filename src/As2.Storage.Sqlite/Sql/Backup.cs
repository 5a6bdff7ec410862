using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>
/// An online backup: the database as it is at one moment, then every blob that it names. A blob never changes and is there before
/// its row, so nothing waits. The folder it makes is a data folder; restoring is starting on a copy of it.
/// </summary>
internal sealed class Backup
{
    private const string Unfinished = ".part";

    private readonly string _data;
    private readonly string _target;
    private readonly IDurableFile _durable;

    public Backup(string data, string target, IDurableFile durable) => (_data, _target, _durable) = (data, Path.GetFullPath(target), durable);

    /// <exception cref="As2Exception">AS2-STORE-*: the folder is taken, or the backup could not be made durable.</exception>
    public void Run(Func<Func<SqlSession, bool>, bool> read, CancellationToken cancellationToken)
    {
        if (Directory.Exists(_target))
            throw new As2Exception(StoreFault.NoAccess, $"'{_target}' exists already. Give each backup a folder of its own.");
        try
        {
            var part = _target + Unfinished;
            if (Directory.Exists(part))
                Directory.Delete(part, recursive: true);
            Directory.CreateDirectory(part);
            var blobs = CopyDatabase(read, Path.Combine(part, "as2.db"));
            foreach (var blob in blobs)
                CopyBlob(blob, part, cancellationToken);
            _durable.FlushFolder(part);
            CrashPoint.Hit("backup");
            Directory.Move(part, _target);
            _durable.FlushFolder(Path.GetDirectoryName(_target)!);
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            throw StoreFault.FromDisk(e, _target);
        }
    }

    private List<string> CopyDatabase(Func<Func<SqlSession, bool>, bool> read, string path)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString;
        List<string> blobs;
        using (var copy = new SqlSession(new SqliteConnection(text)))
        {
            read(session => session.BackupTo(copy));
            blobs = GarbageTable.ListNamed(copy);
        }
        Flush(path);
        return blobs;
    }

    private void CopyBlob(string blob, string part, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var target = Path.Combine(part, "blobs", blob);
        var folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(_data, "blobs", blob), target);
        Flush(target);
        for (; folder.Length > part.Length; folder = Path.GetDirectoryName(folder)!)
            _durable.FlushFolder(folder);
    }

    private void Flush(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        _durable.Flush(file, path);
    }
}
