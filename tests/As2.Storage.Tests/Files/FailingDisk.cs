using Microsoft.Win32.SafeHandles;

namespace As2.Storage.Tests;

/// <summary>A disk whose n-th call fails with this errno; before and after it works.</summary>
internal sealed class FailingDisk(int failing, int errno = 5) : IDurableFile
{
    private int _calls;

    /// <summary>True once the failing call was made.</summary>
    public bool HasFailed => _calls >= failing;

    public void Flush(SafeFileHandle file, string path) => Call(() => DurableFile.Instance.Flush(file, path));

    public void FlushFolder(string path) => Call(() => DurableFile.Instance.FlushFolder(path));

    public void Publish(string temporary, string final) => Call(() => DurableFile.Instance.Publish(temporary, final));

    private void Call(Action work)
    {
        if (Interlocked.Increment(ref _calls) == failing)
            throw new IOException("The test's disk fails.", errno);
        work();
    }
}
