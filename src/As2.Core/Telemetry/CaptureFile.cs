using System.Text;
using As2.Layers;

namespace As2.Telemetry;

/// <summary>One captured message, up to so many bytes; readable by its owner only. A disk that is full ends the capture and nothing else.</summary>
internal sealed class CaptureFile(string path, int maxBytes) : IOctetSink, IDisposable
{
    private readonly FileStream _file = Create(path);

    private int _left = maxBytes;

    /// <summary>True when nothing more is kept.</summary>
    public bool IsFull => _left == 0;

    /// <summary>Adds text in Latin-1.</summary>
    public void Write(string text) => Push(Encoding.Latin1.GetBytes(text));

    /// <inheritdoc/>
    public void Push(ReadOnlySpan<byte> octets)
    {
        if (_left == 0)
            return;
        var kept = octets[..Math.Min(_left, octets.Length)];
        try
        {
            _file.Write(kept);
            _left -= kept.Length;
        }
        catch (IOException)
        {
            _left = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // What could not be written is missing in the file; the message is not.
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
