using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace As2;

/// <summary>
/// The few calls of the C library that the runtime does not offer, or offers without their errors. They are looked up from the main
/// program, so that a preloaded library of a test can stand in for them.
/// </summary>
internal static partial class Libc
{
    private const string Name = "libc";
    private const int SigKill = 9;

    static Libc() => NativeLibrary.SetDllImportResolver(typeof(Libc).Assembly, Resolve);

    /// <summary>fsync(2), with its error.</summary>
    /// <exception cref="IOException">It failed; <see cref="Exception.HResult"/> is the errno.</exception>
    public static void Fsync(SafeFileHandle file, string path)
    {
        if (FsyncCore(file) != 0)
            throw LastError("fsync", path);
    }

    /// <summary>Opens a directory so that it can be synchronised; File.OpenHandle refuses directories.</summary>
    public static SafeFileHandle OpenDirectory(string path)
    {
        const int ReadOnly = 0, CloseOnExec = 0x80000;
        var handle = OpenCore(path, ReadOnly | (OperatingSystem.IsLinux() ? CloseOnExec : 0));
        return handle.IsInvalid ? throw LastError("open", path) : handle;
    }

    /// <summary>Ends this process as kill -9 does: nothing is flushed, no handler runs.</summary>
    public static void KillSelf()
    {
        _ = KillCore(Environment.ProcessId, SigKill);
        Thread.Sleep(Timeout.Infinite);
    }

    private static IOException LastError(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call}({path}): {new Win32Exception(error).Message}", error);
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path)
        => library == Name ? NativeLibrary.GetMainProgramHandle() : 0;

    [LibraryImport(Name, EntryPoint = "fsync", SetLastError = true)]
    private static partial int FsyncCore(SafeFileHandle file);

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenCore(string path, int flags);

    [LibraryImport(Name, EntryPoint = "kill", SetLastError = true)]
    private static partial int KillCore(int process, int signal);
}
