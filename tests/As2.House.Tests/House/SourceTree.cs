using System.Reflection;
using System.Xml.Linq;
using As2.Testing;

namespace As2.House.Tests.House;

/// <summary>The repository as its own tests see it.</summary>
internal static class SourceTree
{
    /// <summary>Every project, by path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Projects { get; } = Files("*.csproj");

    /// <summary>The projects that ship.</summary>
    public static IEnumerable<string> Shipped => Projects.Where(path => path.StartsWith("src/", StringComparison.Ordinal));

    /// <summary>The sources that ship.</summary>
    public static IReadOnlyList<string> Sources { get; } =
        [.. Files("*.cs").Where(path => path.StartsWith("src/", StringComparison.Ordinal))];

    /// <summary>The public types that ship. A project that this test project does not reference fails here.</summary>
    public static IEnumerable<Type> PublicTypes
        => Shipped.Select(path => Assembly.Load(AssemblyName(path))).SelectMany(assembly => assembly.GetExportedTypes());

    /// <summary>The name of the project that a path leads to.</summary>
    public static string NameOf(string project) => Path.GetFileNameWithoutExtension(project.Replace('\\', '/'));

    /// <summary>What a project includes under an element's name.</summary>
    public static IEnumerable<string> Includes(string project, string element)
        => XDocument.Load(Repository.PathOf(project)).Descendants(element).Select(e => (string)e.Attribute("Include")!);

    /// <summary>A file's text.</summary>
    public static string Read(string path) => File.ReadAllText(Repository.PathOf(path));

    /// <summary>The files of this pattern outside the folders that builds make.</summary>
    public static IReadOnlyList<string> Files(string pattern)
        => [.. Directory.EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(segment => segment is "bin" or "obj" or "artifacts" or ".git" or "node_modules"))
            .Order(StringComparer.Ordinal)];

    private static string AssemblyName(string project)
        => XDocument.Load(Repository.PathOf(project)).Descendants("AssemblyName").FirstOrDefault()?.Value ?? NameOf(project);
}
