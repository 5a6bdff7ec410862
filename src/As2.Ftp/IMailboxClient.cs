namespace As2.Ftp;

/// <summary>An entry of a folder on a partner's server.</summary>
/// <param name="Name">The name in its folder, as the server wrote it; remote text, never a local path.</param>
/// <param name="Length">Length in bytes; null where the server does not say.</param>
/// <param name="Modified">Last change, by the server's clock; null where the server does not say it in UTC.</param>
/// <param name="IsFolder">True for a folder.</param>
public sealed record RemoteFile(string Name, long? Length, DateTimeOffset? Modified, bool IsFolder);

/// <summary>
/// A signed-in connection to a partner's file server, whatever its protocol. The members are those that FTP and SFTP libraries
/// have as they are. Not thread-safe: one operation at a time. After an exception other than <see cref="FtpException"/> with
/// <see cref="FtpFailure.Refused"/> or <see cref="FtpFailure.Busy"/> the connection may be dead: open another.
/// </summary>
public interface IMailboxClient : IAsyncDisposable
{
    /// <summary>The entries of a folder, in the server's order, without <c>.</c> and <c>..</c>.</summary>
    ValueTask<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>The length of a file in bytes; null: it is not there.</summary>
    ValueTask<long?> GetSizeAsync(string path, CancellationToken cancellationToken);

    /// <summary>Writes a file, from the content's present position to its end. An existing file is replaced where the server allows it.</summary>
    ValueTask UploadAsync(string path, Stream content, CancellationToken cancellationToken);

    /// <summary>Reads a whole file. Returns only when all of it came.</summary>
    ValueTask DownloadAsync(string path, Stream target, CancellationToken cancellationToken);

    /// <summary>Renames a file. Many FTP servers replace an existing target without a word.</summary>
    ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken);

    /// <summary>Deletes a file.</summary>
    ValueTask DeleteAsync(string path, CancellationToken cancellationToken);
}

/// <summary>A <see cref="IMailboxClient"/> that can make folders. Without it, the folders must be there.</summary>
public interface IFolderMaker
{
    /// <summary>Makes one folder in an existing one. False: the server refused, most often because it is there.</summary>
    ValueTask<bool> CreateFolderAsync(string path, CancellationToken cancellationToken);
}
