using System.Text.RegularExpressions;

namespace As2.House.Tests.House;

public sealed class ProjectTests
{
    /// <summary>The one project that may lean on another than As2.Core.</summary>
    private static readonly (string From, string To)[] s_otherArrows = [("As2.Tool", "As2.AspNetCore")];

    /// <summary>Built only when asked for: its package cannot be restored everywhere.</summary>
    private static readonly string[] s_optIn = ["samples/FluentFtpAdapter/FluentFtpAdapter.csproj"];

    [Test]
    public void arrows_point_only_toward_the_core()
    {
        var arrows = SourceTree.Shipped.SelectMany(project => SourceTree.Includes(project, "ProjectReference")
            .Select(to => (From: SourceTree.NameOf(project), To: SourceTree.NameOf(to))));
        Assert.That(arrows.Where(arrow => arrow.To != "As2.Core" && !s_otherArrows.Contains(arrow)), Is.Empty);
    }

    [Test]
    public void the_core_knows_no_host_and_no_database()
    {
        var core = SourceTree.Shipped.Single(project => SourceTree.NameOf(project) == "As2.Core");
        Assert.Multiple(() =>
        {
            Assert.That(SourceTree.Includes(core, "FrameworkReference"), Is.Empty);
            Assert.That(SourceTree.Includes(core, "ProjectReference"), Is.Empty);
            Assert.That(SourceTree.Includes(core, "PackageReference"), Has.None.Match("Sqlite|Npgsql|AspNetCore|SSH"));
        });
    }

    [Test]
    public void every_project_is_in_the_solution()
    {
        var solution = SourceTree.Read("As2Sdk.sln").Replace('\\', '/');
        Assert.That(SourceTree.Projects.Except(s_optIn).Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void every_project_has_a_lock_file_without_addresses()
    {
        var folders = SourceTree.Projects.Except(s_optIn).Select(project => Path.GetDirectoryName(project)!.Replace('\\', '/'));
        var locks = SourceTree.Files("packages.lock.json");
        Assert.Multiple(() =>
        {
            Assert.That(folders.Select(folder => $"{folder}/packages.lock.json"), Is.SubsetOf(locks));
            Assert.That(locks.Where(file => SourceTree.Read(file).Contains("://", StringComparison.Ordinal)), Is.Empty);
        });
    }

    [Test]
    public void versions_stand_only_in_the_central_file()
        => Assert.That(SourceTree.Projects.Where(project => Regex.IsMatch(SourceTree.Read(project), "PackageReference[^>]*Version=")), Is.Empty);
}
