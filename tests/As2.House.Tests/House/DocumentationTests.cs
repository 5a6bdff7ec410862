using System.Text.RegularExpressions;
using As2.Testing;

namespace As2.House.Tests.House;

public sealed partial class DocumentationTests
{
    [Test]
    public void every_error_id_is_documented_once()
    {
        var listed = Id().Matches(SourceTree.Read("docs/errors.md")).Where(match => match.Value.StartsWith("| ", StringComparison.Ordinal))
            .Select(match => match.Groups[1].Value).ToList();
        var thrown = SourceTree.Files("*.cs").Where(file => file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("samples/", StringComparison.Ordinal))
            .SelectMany(file => Literal().Matches(SourceTree.Read(file))).Select(match => match.Groups[1].Value).Distinct();
        Assert.Multiple(() =>
        {
            Assert.That(thrown, Is.SubsetOf(listed));
            Assert.That(listed, Is.Unique);
        });
    }

    [Test]
    public void every_link_between_pages_leads_somewhere()
    {
        var broken = SourceTree.Files("*.md").SelectMany(page => Link().Matches(SourceTree.Read(page))
            .Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target)))
            .Select(target => $"{page} → {target}"));
        Assert.That(broken, Is.Empty);
    }

    [TestCase("samples/Receiver/Program.cs")]
    [TestCase("samples/Sender/Program.cs")]
    public void the_readme_quotes_the_smallest_programs_as_they_are(string program)
    {
        var code = SourceTree.Read(program).TrimEnd();
        Assert.Multiple(() =>
        {
            Assert.That(SourceTree.Read("README.md"), Does.Contain($"<!-- {program} -->\n```csharp\n{code}\n```\n"));
            Assert.That(code.Split('\n'), Has.Length.LessThanOrEqualTo(40));
        });
    }

    [TestCase("    dotnet run --project samples/ManagedGateway -- demo")]
    [TestCase("    ./eng/test.sh")]
    public void the_readme_shows_the_two_commands_first(string command)
        => Assert.That(SourceTree.Read("README.md").Split('\n').Take(30), Does.Contain(command));

    [GeneratedRegex(@"(?:\| )?\b((?:AS2|GW)-[A-Z]+-\d{3})\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"""((?:AS2|GW)-[A-Z]+-\d{3})\b")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
