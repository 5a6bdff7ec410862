using Microsoft.Win32.SafeHandles;

namespace As2.Storage;

/// <summary>The operating system's own way to make files durable.</summary>
public sealed class DurableFile : IDurableFile
{
    /// <summary>The only instance.</summary>
    public static readonly IDurableFile Instance = new DurableFile();

    private DurableFile()
    {
    }

    /// <inheritdoc/>
    public void Flush(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
            FlushOnWindows(file);
        else
            Libc.Fsync(file, path);
    }

    /// <inheritdoc/>
    public void FlushFolder(string path)
    {
        // NTFS journals its names; a folder cannot be flushed there.
        if (OperatingSystem.IsWindows())
            return;
        using var folder = Libc.OpenDirectory(path);
        Libc.Fsync(folder, path);
    }

    /// <inheritdoc/>
    public void Publish(string temporary, string final)
    {
        if (!Libc.TryRenameToFreeName(temporary, final))
            File.Move(temporary, final, overwrite: false);
        FlushFolder(Path.GetDirectoryName(final)!);
    }

    private static void FlushOnWindows(SafeFileHandle file)
    {
#pragma warning disable RS0030 // Banned for what it swallows on Linux; on Windows it throws.
        RandomAccess.FlushToDisk(file);
#pragma warning restore RS0030
    }
}
