namespace As2.Storage;

/// <summary>Turns what the operating system says about a store's files into a fault with a stable id and a way out.</summary>
internal static class StoreFault
{
    public const string FolderInUse = "AS2-STORE-001";
    public const string NetworkFolder = "AS2-STORE-002";
    public const string Damaged = "AS2-STORE-003";
    public const string NewerSchema = "AS2-STORE-004";
    public const string NoRoom = "AS2-STORE-005";
    public const string NotDurable = "AS2-STORE-006";
    public const string Closed = "AS2-STORE-007";
    public const string ContentLost = "AS2-STORE-008";
    public const string KeyTaken = "AS2-STORE-009";
    public const string NoAccess = "AS2-STORE-010";
    public const string Locked = "AS2-STORE-011";
    public const string Retention = "AS2-STORE-012";
    public const string FileGone = "AS2-STORE-013";
    public const string Unreachable = "AS2-STORE-017";
    public const string LazyCommits = "AS2-STORE-016";

    /// <summary>True for what reading and writing files throws when the disk, not the program, is at fault.</summary>
    public static bool IsOfDisk(Exception e) => e is IOException or UnauthorizedAccessException;

    public static As2Exception FromDisk(Exception e, string path) => Reason(e) switch
    {
        DiskReason.NoRoom => Full(path, e),
        DiskReason.NoAccess => new(NoAccess, $"'{path}' cannot be written: {e.Message} Give the service's user write access to the data folder.", e),
        _ => new(NotDurable, $"'{path}' could not be made durable: {e.Message} Nothing was acknowledged; check the disk and the kernel's log.", e),
    };

    public static As2Exception Full(string path, Exception? inner)
        => new(NoRoom, $"No room left for '{path}'. Free space on that disk or raise its quota; nothing was acknowledged.", inner);

    public static As2Exception Lost(string name, string why, Exception? inner = null)
        => new(ContentLost, $"The content '{name}' {why}. Restore it from a backup of the data folder.", inner);

    public static As2Exception DuplicateKey(MessageKey key)
        => new(KeyTaken, $"The store already holds a message with the Message-ID '{key.MessageId}' for {key.Local} and {key.Partner}. Make a new Message-ID.");

    public static As2Exception Gone(string account, (string Folder, string Name) file)
        => new(FileGone, $"{account}/{file.Folder}/{file.Name} is not there any more: another session has taken or removed it. Look at the folder again.");

    private static DiskReason Reason(Exception e) => e.HResult switch
    {
        // ENOSPC and EDQUOT on Linux, EDQUOT on macOS, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
        28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027) => DiskReason.NoRoom,
        30 => DiskReason.NoAccess, // EROFS
        _ => e is UnauthorizedAccessException ? DiskReason.NoAccess : DiskReason.Other,
    };

    private enum DiskReason
    {
        Other,
        NoRoom,
        NoAccess,
    }
}
