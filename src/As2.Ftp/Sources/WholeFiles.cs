using As2.Routes;

namespace As2.Ftp.Sources;

/// <summary>Tells the whole files of a folder from those that are still being written. Remembers what it saw. Not thread-safe.</summary>
internal sealed class WholeFiles(FtpSourceOptions options, TimeProvider clock)
{
    private Dictionary<string, (RemoteFile File, long Since)> _seen = [];

    /// <summary>The files to take, of one listing.</summary>
    public IReadOnlyList<RemoteFile> Choose(IReadOnlyList<RemoteFile> listing)
    {
        var files = listing.Where(entry => !entry.IsFolder && FtpListing.IsName(entry.Name) && !UnfinishedNames.Contains(entry.Name)).ToList();
        return options.Completion switch
        {
            FileCompletion.TriggerFile => ChooseTriggered(files),
            FileCompletion.Stable => ChooseStable(files),
            _ => files,
        };
    }

    private List<RemoteFile> ChooseTriggered(List<RemoteFile> files)
    {
        var names = files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        return [.. files.Where(file => names.Contains(file.Name + options.TriggerEnding) && !file.Name.EndsWith(options.TriggerEnding, StringComparison.Ordinal))];
    }

    private List<RemoteFile> ChooseStable(List<RemoteFile> files)
    {
        var now = clock.GetTimestamp();
        var seen = new Dictionary<string, (RemoteFile File, long Since)>(StringComparer.Ordinal);
        foreach (var file in files)
            seen[file.Name] = _seen.TryGetValue(file.Name, out var before) && before.File == file ? before : (file, now);
        _seen = seen;
        return [.. seen.Values.Where(each => clock.GetElapsedTime(each.Since, now) >= options.StableFor).Select(each => each.File)];
    }
}
