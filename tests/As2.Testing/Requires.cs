namespace As2.Testing;

/// <summary>
/// What a test needs of its machine. At a desk a missing tool skips the test with its reason; in CI (<c>CI=true</c>) it fails it,
/// so that nothing is skipped unseen.
/// </summary>
public static class Requires
{
    /// <summary>True when <c>CI=true</c>.</summary>
    public static bool IsCi { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Needs a program, such as <c>openssl</c>; <c>eng/install-test-tools.sh</c> installs them all.</summary>
    /// <returns>Its full path.</returns>
    public static string Tool(string name)
    {
        if (TestTools.Find(name) is { } path)
            return path;
        Missing($"'{name}' is not on this machine: run eng/install-test-tools.sh.");
        return "";
    }

    /// <summary>Needs an npm package in the private folder of the test tools.</summary>
    /// <returns>The folder of its <c>node_modules</c>.</returns>
    public static string NodePackage(string name) => NodePackage("node", name);

    /// <summary>Needs an npm package in a folder of its own.</summary>
    /// <returns>The folder of its <c>node_modules</c>.</returns>
    public static string NodePackage(string folder, string name)
    {
        Tool("node");
        var modules = Path.Combine(TestTools.Folder, folder, "node_modules");
        if (!Directory.Exists(Path.Combine(modules, name)))
            Missing($"npm package '{name}' is not on this machine: run eng/install-test-tools.sh.");
        return modules;
    }

    /// <summary>Needs PostgreSQL's server, installed or in the private folder of the test tools; no service of it need run.</summary>
    /// <returns>The folder of its programs.</returns>
    public static string PostgresPrograms()
    {
        string[] roots = ["/usr/lib/postgresql", Path.Combine(TestTools.Folder, "postgresql", "usr", "lib", "postgresql")];
        var bin = roots.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
        if (bin is null)
            Missing("PostgreSQL is not on this machine: run eng/install-test-tools.sh.");
        return bin ?? "";
    }

    /// <summary>Needs the corpus beside the repository. A fresh machine need not have it: its absence skips, in CI too.</summary>
    public static void SharedCorpus()
    {
        if (!Corpus.IsPresent)
            Assert.Ignore(Corpus.AbsentReason);
    }

    /// <summary>Skips the test at a desk, and fails it in CI.</summary>
    public static void Missing(string reason)
    {
        if (IsCi)
            Assert.Fail(reason);
        Assert.Ignore(reason);
    }
}
