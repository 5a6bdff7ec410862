using As2.Storage;

namespace As2.Ftp.Sources;

/// <summary>How a file shows that it is whole.</summary>
public enum FileCompletion
{
    /// <summary>
    /// It has its final name: writers upload under a temporary one (<c>.tmp</c>, <c>.part</c>, <c>.filepart</c>, a leading dot …) and
    /// rename.
    /// </summary>
    Renamed,

    /// <summary>A file of the same name with <see cref="FtpSourceOptions.TriggerEnding"/> is beside it, written after it.</summary>
    TriggerFile,

    /// <summary>Length and time of change stood still for <see cref="FtpSourceOptions.StableFor"/>. The last resort: a stalled writer looks the same.</summary>
    Stable,
}

/// <summary>A file that was taken, durable.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Key">Unique for each file that was put there; the same again when the file is offered again after a crash.</param>
/// <param name="Name">The name its writer gave it; remote text, never a path.</param>
/// <param name="Content">Its octets.</param>
public sealed record SourceFile(string Source, string Key, string Name, StoredContent Content);

/// <summary>What became of a file.</summary>
/// <param name="IsAccepted">True: it is a message, durable. False: it goes to <see cref="FtpSourceOptions.FailedFolder"/>.</param>
/// <param name="Text">Plain words.</param>
public readonly record struct SourceOutcome(bool IsAccepted, string Text);

/// <summary>Makes a message of a file, once for each key; an exception means: try again later.</summary>
public delegate ValueTask<SourceOutcome> TakeFile(SourceFile file, CancellationToken cancellationToken);

/// <summary>A folder outside from which files are sent. Immutable.</summary>
public sealed record FtpSourceOptions
{
    /// <summary>Its name, for history and log.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Who takes the files: the same for all nodes over one store, another for every other gateway. Letters, digits and hyphens, at most 32. Default <c>as2</c>.
    /// </summary>
    public string Owner { get; init; } = "as2";

    /// <summary>Opens a signed-in connection, as in <see cref="Destinations.FtpDestinationOptions.Connect"/>.</summary>
    public required Func<CancellationToken, Task<IMailboxClient>> Connect { get; init; }

    /// <summary>Where files are put. Default <c>/</c>.</summary>
    public string Folder { get; init; } = "/";

    /// <summary>
    /// Where taken files are until they are messages, on the same file system. Default <c>.claim</c> in <see cref="Folder"/>; made
    /// when it is not there.
    /// </summary>
    public string? ClaimFolder { get; init; }

    /// <summary>Where files go when they are messages; null, the default: they are deleted.</summary>
    public string? DoneFolder { get; init; }

    /// <summary>Where refused files go, with the reason beside them. Default <c>failed</c> in <see cref="Folder"/>.</summary>
    public string? FailedFolder { get; init; }

    /// <summary>How a file shows that it is whole. Default <see cref="FileCompletion.Renamed"/>.</summary>
    public FileCompletion Completion { get; init; }

    /// <summary>The ending of a trigger file. Default <c>.ok</c>.</summary>
    public string TriggerEnding { get; init; } = ".ok";

    /// <summary>With <see cref="FileCompletion.Stable"/>. Default 60 s.</summary>
    public TimeSpan StableFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Pause between two looks at the folder. Default 30 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>When a claim whose owner is gone is taken up again. Default 2 min; longer than a download takes is better, shorter does no harm.</summary>
    public TimeSpan ClaimPatience { get; init; } = TimeSpan.FromMinutes(2);

    internal string EffectiveClaimFolder => ClaimFolder ?? RemotePath.Join(Folder, ".claim");

    internal string EffectiveFailedFolder => FailedFolder ?? RemotePath.Join(Folder, "failed");

    internal string PathOf(FileClaim claim) => RemotePath.Join(EffectiveClaimFolder, claim.FileName);

    internal FileClaim TriggerOf(FileClaim claim) => claim with { Name = claim.Name + TriggerEnding };
}
