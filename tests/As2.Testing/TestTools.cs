namespace As2.Testing;

/// <summary>The programs that tests run, as <c>eng/install-test-tools.sh</c> leaves them: on the PATH or in a private folder.</summary>
public static class TestTools
{
    /// <summary>The private folder: <c>AS2_TEST_TOOLS</c>, by default <c>~/.cache/as2sdk/tools</c>.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("AS2_TEST_TOOLS") is { Length: > 0 } given
        ? given
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "as2sdk", "tools");

    /// <summary>The full path of a program, or null.</summary>
    public static string? Find(string name)
        => Folders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Folders()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(Path.Combine(Folder, "bin"))
            .Append("/usr/sbin");
}
