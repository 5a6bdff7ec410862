using Microsoft.Win32.SafeHandles;

namespace As2.Storage;

/// <summary>Blobs in a temporary folder of their own, made at first use and removed at the end; nothing is flushed.</summary>
internal sealed class TemporaryBlobs : IDisposable
{
    private readonly Lazy<(FileBlobStore Store, string Folder)> _files;

    public TemporaryBlobs(TimeProvider time) => _files = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("as2-").FullName;
        return (new FileBlobStore(folder, time, new Unflushed()) { Inline = StoredContent.Hold }, folder);
    });

    public FileBlobStore Files => _files.Value.Store;

    public string Folder => _files.Value.Folder;

    public void Dispose()
    {
        if (_files.IsValueCreated && Directory.Exists(_files.Value.Folder))
            Directory.Delete(_files.Value.Folder, recursive: true);
    }

    private sealed class Unflushed : IDurableFile
    {
        public void Flush(SafeFileHandle file, string path)
        {
        }

        public void FlushFolder(string path)
        {
        }

        public void Publish(string temporary, string final) => File.Move(temporary, final);
    }
}
