using As2.Routes;

namespace As2.Ftp.Destinations;

/// <summary>What happens when a name is taken.</summary>
public enum NameCollision
{
    /// <summary>A number is added: <c>order.edi</c>, <c>order-2.edi</c>. Two writers of one folder may race for a name.</summary>
    Number,

    /// <summary>The delivery waits until the name is free.</summary>
    Wait,
}

/// <summary>A folder outside as a route: on a server, or of this machine. Immutable.</summary>
public sealed record FtpDestinationOptions
{
    /// <summary>The name that partnerships use.</summary>
    public required string Name { get; init; }

    /// <summary>Where files appear. Default <c>/</c>.</summary>
    public string Folder { get; init; } = "/";

    /// <summary>
    /// Where files wait until they are whole, on the same file system as <see cref="Folder"/>; readers must not touch it. Default
    /// <c>.in</c> in <see cref="Folder"/>; made when it is not there.
    /// </summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>
    /// Below which folder the submitters of files are told the outcome, in <c>receipts</c> and <c>failed</c>; on the same file system.
    /// Default <see cref="Folder"/>.
    /// </summary>
    public string? ReportFolder { get; init; }

    /// <summary>How received files are named, sub-folders included. Default <see cref="FileNamePattern.Unique"/>.</summary>
    public FileNamePattern Naming { get; init; } = FileNamePattern.Unique;

    /// <summary>What happens when a name is taken. Default <see cref="NameCollision.Number"/>.</summary>
    public NameCollision Collision { get; init; }

    /// <summary>
    /// Reads each file back under its temporary name and compares digests before it is renamed; costs a download each. Default false:
    /// lengths are compared.
    /// </summary>
    public bool ReadsBack { get; init; }

    /// <summary>
    /// Opens a signed-in connection: <see cref="FtpClient.ConnectAsync(FtpClientOptions, CancellationToken)"/>,
    /// <see cref="Sftp.SftpMailbox.ConnectAsync"/>, a <see cref="Local.LocalFolder"/>, or an adapter.
    /// </summary>
    public required Func<CancellationToken, Task<IMailboxClient>> Connect { get; init; }

    /// <summary>Paths of payloads are relative to the folder; those of reports begin with a slash.</summary>
    internal string PathOf(string path) => path.StartsWith('/') ? path : RemotePath.Join(Folder, path);

    internal string ReportPathOf(string path) => "/" + RemotePath.Join(ReportFolder ?? Folder, path).TrimStart('/');

    internal string TemporaryPathOf(string name) => RemotePath.Join(EffectiveTemporaryFolder, name);

    internal string EffectiveTemporaryFolder => TemporaryFolder ?? RemotePath.Join(Folder, ".in");
}
