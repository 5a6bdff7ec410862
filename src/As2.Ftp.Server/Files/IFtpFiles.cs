namespace As2.Ftp.Server.Files;

/// <summary>A file or folder as a client sees it.</summary>
/// <param name="Name">Its name in its folder.</param>
/// <param name="IsFolder">True for a folder.</param>
/// <param name="Length">Length in bytes; 0 for a folder.</param>
/// <param name="Modified">Last change.</param>
public sealed record FtpEntry(string Name, bool IsFolder, long Length, DateTimeOffset Modified);

/// <summary>
/// The files of one account. Every member may throw <see cref="FtpRefusedException"/>, which the client reads; any other exception is a fault
/// of ours (451). Thread-safe: one account may have several sessions.
/// </summary>
public interface IFtpFiles
{
    /// <summary>The file or folder, or null.</summary>
    ValueTask<FtpEntry?> FindAsync(FtpPath path, CancellationToken cancellationToken);

    /// <summary>The entries of a folder, by name.</summary>
    ValueTask<IReadOnlyList<FtpEntry>> ListAsync(FtpPath folder, CancellationToken cancellationToken);

    /// <summary>Opens a file from its start. The caller disposes the stream.</summary>
    ValueTask<Stream> OpenReadAsync(FtpPath path, CancellationToken cancellationToken);

    /// <summary>Starts an upload. Refuses before the first byte where it can.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expectedLength">What ALLO announced, or null.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<IFtpUpload> CreateAsync(FtpPath path, long? expectedLength, CancellationToken cancellationToken);

    /// <summary>Renames a file. Returns what the client is told.</summary>
    ValueTask<string> RenameAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken);

    /// <summary>Deletes a file.</summary>
    ValueTask DeleteAsync(FtpPath path, CancellationToken cancellationToken);
}

/// <summary>Files that want to know who took them. Implemented beside <see cref="IFtpFiles"/>.</summary>
public interface IFtpPickups
{
    /// <summary>A client took a whole file; it has read to its end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="remote">The client.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask PickedUpAsync(FtpPath path, System.Net.IPEndPoint remote, CancellationToken cancellationToken);
}

/// <summary>Files whose owner may make folders. Implemented beside <see cref="IFtpFiles"/>; without it none can be made.</summary>
public interface IFtpFolders
{
    /// <summary>Makes a folder; its parent is there. <see cref="FtpRefusedException"/> 550 says why not.</summary>
    ValueTask MakeAsync(FtpPath folder, CancellationToken cancellationToken);

    /// <summary>Removes an empty folder. <see cref="FtpRefusedException"/> 550 says why not.</summary>
    ValueTask RemoveAsync(FtpPath folder, CancellationToken cancellationToken);
}

/// <summary>An upload under way. Disposing without <see cref="CompleteAsync"/> discards it: nothing of it is ever seen. Not thread-safe.</summary>
public interface IFtpUpload : IAsyncDisposable
{
    /// <summary>Takes the next bytes.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken);

    /// <summary>The upload is whole: makes it durable before it returns. Returns what the client is told with 226.</summary>
    ValueTask<string> CompleteAsync(CancellationToken cancellationToken);
}
