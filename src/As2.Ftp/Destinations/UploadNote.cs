namespace As2.Ftp.Destinations;

/// <summary>The checkpoint between the two steps: every file is whole under its temporary name and will get its final one.</summary>
internal sealed record UploadNote(IReadOnlyList<(string Temporary, string Final)> Files)
{
    private const string Version = "uploaded 1";

    /// <summary>Null: nothing was checkpointed yet.</summary>
    public static UploadNote? Parse(string? note)
    {
        var lines = note?.Split('\n');
        return lines is [Version, .. var files] ? new UploadNote([.. files.Select(line => line.Split('\t')).Select(parts => (parts[0], parts[1]))]) : null;
    }

    /// <summary>The names are ours or passed the file name policy: neither holds a tab or a line end.</summary>
    public override string ToString() => string.Join('\n', Files.Select(file => $"{file.Temporary}\t{file.Final}").Prepend(Version));
}
