using System.Diagnostics;
using As2.Testing;

namespace As2.Storage.Tests;

/// <summary>A running <see cref="Child"/> and what it told.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    public ChildProcess(string mode, string folder, string? crashPoint = null)
    {
        var start = new ProcessStartInfo(Requires.Tool("dotnet"), [typeof(Child).Assembly.Location, mode, folder]) { RedirectStandardOutput = true };
        if (crashPoint is not null)
            start.Environment["AS2_CRASH_POINT"] = crashPoint;
        _process = Process.Start(start)!;
    }

    /// <summary>What the store acknowledged: kind and key.</summary>
    public HashSet<(string What, string Key)> Told { get; } = [];

    /// <summary>Reads until it told this many things, or died.</summary>
    public void ReadUntil(int count)
    {
        while (Told.Count < count && _process.StandardOutput.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            Told.Add((words[0], words[1]));
        }
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Reads what it told until it died by itself.</summary>
    public void ReadToDeath()
    {
        ReadUntil(20_000);
        Kill();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
