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

    private static readonly Lazy<bool> s_hasRenameAt2 = new(
        () => OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "renameat2", out _));

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

    /// <summary>
    /// Gives a file another name in one step that fails where the name is taken: renameat2(2) with RENAME_NOREPLACE. File.Move only looks
    /// before it renames, so of two at once both may succeed, and the first one's file is gone.
    /// </summary>
    /// <returns>False: this system, or its file system, has no such step.</returns>
    /// <exception cref="IOException">It failed; <see cref="Exception.HResult"/> is the errno.</exception>
    public static bool TryRenameToFreeName(string from, string to)
    {
        const int CurrentFolder = -100, InvalidArgument = 22, NotImplemented = 38;
        const uint NoReplace = 1;
        if (!s_hasRenameAt2.Value)
            return false;
        if (RenameCore(CurrentFolder, from, CurrentFolder, to, NoReplace) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is InvalidArgument or NotImplemented ? false : throw LastError("rename", $"{from}, {to}");
    }

    /// <summary>
    /// Has the pages of memory that starts with one made at once: madvise(2) with MADV_POPULATE_WRITE. Where a system knows nothing of it, they
    /// are made one by one when they are written.
    /// </summary>
    public static void Populate(nint start, nint length)
    {
        const int PopulateWrite = 23;
        if (OperatingSystem.IsLinux())
            _ = AdviseCore(start, length, PopulateWrite);
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

    [LibraryImport(Name, EntryPoint = "madvise")]
    private static partial int AdviseCore(nint start, nint length, int advice);

    [LibraryImport(Name, EntryPoint = "kill", SetLastError = true)]
    private static partial int KillCore(int process, int signal);

    [LibraryImport(Name, EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameCore(int fromFolder, string from, int toFolder, string to, uint flags);
}
