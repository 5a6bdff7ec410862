using Microsoft.Win32.SafeHandles;

namespace As2.Storage;

/// <summary>
/// The three calls that make a file survive a power cut, with their errors. The runtime's own flush loses them on Linux, so nothing
/// else in this product may be trusted with it. Thread-safe.
/// </summary>
public interface IDurableFile
{
    /// <summary>Returns when the file's octets are on the disk.</summary>
    /// <exception cref="IOException">They may not be. The file must be given up: a second try can succeed without them.</exception>
    void Flush(SafeFileHandle file, string path);

    /// <summary>Returns when the names in this folder are on the disk.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    void FlushFolder(string path);

    /// <summary>Gives a flushed file its final name, durably, and never over another file.</summary>
    /// <exception cref="IOException">The name is taken, or the rename may not be durable.</exception>
    void Publish(string temporary, string final);
}
