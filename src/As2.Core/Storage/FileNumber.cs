using As2.Payloads;

namespace As2.Storage;

/// <summary>Numbers a file name that is taken, without trying every number of a folder with thousands of the same name.</summary>
internal static class FileNumber
{
    /// <summary>The name itself, or the first free number after a taken one.</summary>
    public static string FirstFree(string name, Func<string, bool> isTaken)
    {
        if (!isTaken(name))
            return name;
        var (taken, free) = (1, 2);
        while (isTaken(FileNamePolicy.Numbered(name, free)))
            (taken, free) = (free, checked(free * 2));
        while (free - taken > 1)
        {
            var middle = taken + ((free - taken) / 2);
            if (isTaken(FileNamePolicy.Numbered(name, middle)))
                taken = middle;
            else
                free = middle;
        }
        return FileNamePolicy.Numbered(name, free);
    }
}
