using System.Reflection;
using As2.House.Tests.House;
using As2.Testing;

namespace As2.House.Tests.Rfcs;

/// <summary><c>RFCs.md</c> says what is so. <c>AS2_WRITE_RFCS=1</c> (<c>eng/rfcs.sh</c>) writes it anew.</summary>
public sealed class RfcTests
{
    private static readonly string[] s_levels = ["MUST", "SHOULD", "MAY", "defines"];

    [Test]
    public void the_page_is_what_list_and_attributes_give()
    {
        var page = RfcPage.Write();
        var path = Repository.PathOf(RfcPage.Path);
        if (Environment.GetEnvironmentVariable("AS2_WRITE_RFCS") == "1")
            File.WriteAllText(path, page);
        Assert.That(File.Exists(path) ? File.ReadAllText(path) : "", Is.EqualTo(page), "RFCs.md is stale: run eng/rfcs.sh.");
    }

    [Test]
    public void every_type_that_is_said_to_implement_a_clause_exists()
    {
        var types = SourceTree.Shipped.Select(SourceTree.NameOf).Where(name => name != "As2.Tool")
            .SelectMany(name => Assembly.Load(name).GetTypes()).Select(type => type.Name.Split('`')[0]).ToHashSet(StringComparer.Ordinal);
        Assert.That(RfcTable.Clauses.SelectMany(c => c.Clause.By ?? []).Where(type => !types.Contains(type)), Is.Empty);
    }

    [Test]
    public void every_must_is_tested_or_says_why_not()
    {
        var unproven = RfcTable.Clauses.Where(c => c.Clause.Level == "MUST" && c.Clause.Untested is null && !RfcProofs.Tests[Id(c)].Any());
        Assert.That(unproven.Select(Id), Is.Empty);
    }

    [Test]
    public void a_reason_for_no_test_stands_only_where_there_is_none()
        => Assert.That(RfcTable.Clauses.Where(c => c.Clause.Untested is not null && RfcProofs.Tests[Id(c)].Any()).Select(Id), Is.Empty);

    [Test]
    public void every_clause_that_a_test_names_is_listed()
    {
        var listed = RfcTable.Clauses.Select(Id).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(RfcProofs.Tests.Select(proof => proof.Key), Is.SubsetOf(listed), $"Add the clause to {RfcTable.Source}.");
            Assert.That(listed, Is.Unique);
            Assert.That(RfcTable.Clauses.Select(c => c.Clause.Level).Distinct(), Is.SubsetOf(s_levels));
        });
    }

    private static string Id((string Rfc, RfcClause Clause) clause) => $"{clause.Rfc} §{clause.Clause.Clause}";
}
