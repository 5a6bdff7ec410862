using System.Buffers.Binary;
using System.Diagnostics;

namespace As2.Crash;

/// <summary>The library that is preloaded into the gateway, and the file by which the driver tells it what fails.</summary>
internal sealed class FaultShim
{
    public const int NoFault = 0, IoError = 5, NoSpace = 28, ReadOnly = 30;

    private readonly string _control;

    public FaultShim(string folder, string source)
    {
        _control = Path.Combine(folder, "faults");
        var library = Path.Combine(folder, "faults.so");
        using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", library, source]);
        compiler.WaitForExit();
        if (compiler.ExitCode != 0)
            throw new InvalidOperationException($"cc could not make {library}.");
        Set();
        Environment = new() { ["LD_PRELOAD"] = library, ["FAULTS"] = _control };
    }

    /// <summary>What the gateway is started with.</summary>
    public Dictionary<string, string> Environment { get; }

    public void Set(int sync = NoFault, int write = NoFault, long seconds = 0)
    {
        var octets = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(octets, sync);
        BinaryPrimitives.WriteInt32LittleEndian(octets.AsSpan(4), write);
        BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(8), seconds);
        using var file = new FileStream(_control, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(octets);
    }
}
