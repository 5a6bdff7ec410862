using System.Text.RegularExpressions;

namespace As2.House.Tests.House;

/// <summary>The house numbers that can be counted line by line.</summary>
public sealed partial class SourceTests
{
    /// <summary>A quirk that nothing reads is a promise to a user that nobody keeps.</summary>
    [Test]
    public void every_partner_quirk_has_an_effect()
    {
        var code = string.Concat(SourceTree.Files("*.cs")
            .Where(f => f.StartsWith("src/As2.Core/", StringComparison.Ordinal) && !f.Contains("/Agreements/", StringComparison.Ordinal))
            .Select(SourceTree.Read));
        var quirks = QuirkValue().Matches(SourceTree.Read("src/As2.Core/Agreements/PartnerQuirk.cs")).Select(m => m.Groups[1].Value).ToList();
        Assert.That(quirks, Has.Count.GreaterThan(20));
        Assert.That(quirks.Where(q => !Regex.IsMatch(code, $@"\bPartnerQuirk\.{q}\b(?!""/>)")), Is.Empty);
    }

    [GeneratedRegex(@"^    ([A-Z]\w+),", RegexOptions.Multiline)]
    private static partial Regex QuirkValue();

    private static readonly string[] s_unfinished = ["NotImplementedException", "TODO", "HACK", "FIXME", "#region"];

    [Test]
    public void no_file_is_longer_than_400_lines()
        => Assert.That(Lines().Where(file => file.Lines > 400), Is.Empty);

    [Test]
    public void nearly_all_files_have_at_most_200_lines()
    {
        var lengths = Lines().Select(file => file.Lines).Order().ToList();
        Assert.That(lengths[lengths.Count * 95 / 100], Is.LessThanOrEqualTo(200));
    }

    [Test]
    public void nothing_is_left_unfinished()
        => Assert.That(SourceTree.Sources.Where(file => s_unfinished.Any(word => SourceTree.Read(file).Contains(word, StringComparison.Ordinal))), Is.Empty);

    private static IEnumerable<(string File, int Lines)> Lines()
        => SourceTree.Sources.Select(file => (file, SourceTree.Read(file).AsSpan().Count('\n')));
}
