namespace As2.Routes;

/// <summary>Names that clients give to files they are not done with.</summary>
internal static class UnfinishedNames
{
    private static readonly string[] s_endings = [".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".upload", ".uploading"];

    public static bool Contains(string name)
        => name.StartsWith('.') || name.StartsWith('~') || s_endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
