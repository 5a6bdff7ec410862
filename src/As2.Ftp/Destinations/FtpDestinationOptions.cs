namespace As2.Ftp.Destinations;

/// <summary>How a delivered file is named.</summary>
public enum FtpFileNaming
{
    /// <summary>The partner's name with a part of our message identifier: <c>order-4f1c09d2a7b3.edi</c>. Never collides.</summary>
    Unique,

    /// <summary>The partner's name, made safe; a taken one gets a number. Two writers of one folder may race for a name.</summary>
    Original,
}

/// <summary>A folder on an outside server as a route. Immutable.</summary>
public sealed record FtpDestinationOptions
{
    /// <summary>The name that partnerships use.</summary>
    public required string Name { get; init; }

    /// <summary>Where files appear. Default <c>/</c>.</summary>
    public string Folder { get; init; } = "/";

    /// <summary>
    /// Where files wait until they are whole, on the same file system as <see cref="Folder"/>; readers must not touch it. Default
    /// <c>.in</c> in <see cref="Folder"/>; made on FTP servers, must be there on others.
    /// </summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>How files are named. Default <see cref="FtpFileNaming.Unique"/>.</summary>
    public FtpFileNaming Naming { get; init; } = FtpFileNaming.Unique;

    /// <summary>Opens a signed-in connection; for example <c>ct => FtpClient.ConnectAsync(options, ct)</c>.</summary>
    public required Func<CancellationToken, Task<IMailboxClient>> Connect { get; init; }

    internal string PathOf(string name) => Join(Folder, name);

    internal string TemporaryPathOf(string name) => Join(EffectiveTemporaryFolder, name);

    internal string EffectiveTemporaryFolder => TemporaryFolder ?? Join(Folder, ".in");

    private static string Join(string folder, string name) => $"{folder.TrimEnd('/')}/{name}";
}
