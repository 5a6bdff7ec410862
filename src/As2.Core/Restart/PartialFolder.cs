using As2.Storage;

namespace As2.Restart;

/// <summary>The parts of one partnership: how many, how large, how old. Thread-safe.</summary>
internal sealed class PartialFolder(string path, RestartLimits limits)
{
    private readonly Lock _lock = new();
    private long _bytes = -1;

    /// <summary>Counts octets that are about to be written; false when they are too many.</summary>
    public bool TryTake(long octets)
    {
        lock (_lock)
        {
            if (Measured() + octets > limits.MaxBytes)
                return false;
            _bytes += octets;
            return true;
        }
    }

    /// <summary>True when one more file may be made.</summary>
    public bool HasPlace => Files().Length < limits.MaxTransfers;

    /// <summary>Octets that are gone.</summary>
    public void GiveBack(long octets)
    {
        lock (_lock)
            _bytes = Math.Max(0, Measured() - octets);
    }

    /// <summary>Makes room for one more, the oldest first; false when what is in use leaves none.</summary>
    /// <param name="total">How long it will be; 0 when nobody knows.</param>
    /// <param name="tryLock">Locks a file for removal; false while a request holds it.</param>
    /// <param name="unlock">Ends that lock.</param>
    public bool MakeRoom(long total, Func<string, bool> tryLock, Action<string> unlock)
    {
        if (total > limits.MaxBytes)
            return false;
        var files = Files().OrderBy(f => f.LastWriteTimeUtc).ToList();
        foreach (var file in files.ToList().Where(_ => files.Count >= limits.MaxTransfers || !HasRoom(total)))
        {
            if (!tryLock(file.FullName))
                continue;
            RemoveCounted(file);
            unlock(file.FullName);
            files.Remove(file);
        }
        return files.Count < limits.MaxTransfers && HasRoom(total);
    }

    /// <summary>Removes what was written before a time.</summary>
    public void Collect(DateTime before, Func<string, bool> tryLock, Action<string> unlock)
    {
        foreach (var file in Files().Where(f => f.LastWriteTimeUtc < before && tryLock(f.FullName)))
        {
            RemoveCounted(file);
            unlock(file.FullName);
        }
    }

    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (StoreFault.IsOfDisk(e))
        {
            // Absent is fine; what the disk holds on to goes with its age.
        }
    }

    private bool HasRoom(long octets)
    {
        lock (_lock)
            return Measured() + octets <= limits.MaxBytes;
    }

    private void RemoveCounted(FileInfo file)
    {
        file.Refresh();
        GiveBack(file.Exists ? Math.Max(0, file.Length - PartialBody.HeaderBytes) : 0);
        Remove(file.FullName);
    }

    private long Measured() => _bytes >= 0 ? _bytes : _bytes = Files().Sum(f => Math.Max(0, f.Length - PartialBody.HeaderBytes));

    private FileInfo[] Files() => Directory.Exists(path) ? new DirectoryInfo(path).GetFiles() : [];
}
