using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using As2.Telemetry;
using As2.Testing;

namespace As2.House.Tests.House;

/// <summary>TELEMETRY.md is a contract: what stands there is what the code does. With AS2_WRITE_DOCS=1 the table of events is written.</summary>
public sealed partial class TelemetryTests
{
    private const string Page = "TELEMETRY.md";

    [Test]
    public void the_spans_are_those_of_the_page()
        => Assert.That(Rows("Spans").Select(r => r[0].Trim('`')), Is.EqualTo(Constants("SpanNames")));

    [Test]
    public void the_tags_are_those_of_the_page()
        => Assert.That(Rows("Tags").Select(r => r[0].Trim('`')), Is.EquivalentTo(Constants("TagNames")));

    [Test]
    public void every_span_and_every_tag_is_used()
    {
        var code = string.Concat(SourceTree.Sources.Where(f => !f.EndsWith("Names.cs", StringComparison.Ordinal)).Select(SourceTree.Read));
        var names = new[] { "SpanNames", "TagNames" }.SelectMany(type => Fields(type).Select(f => $"{type}.{f.Name}"));
        Assert.That(names.Where(name => !Regex.IsMatch(code, Regex.Escape(name) + @"\b")), Is.Empty);
    }

    [Test]
    public void the_instruments_are_those_of_the_page()
    {
        var found = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == As2Telemetry.MeterName)
                    found.Add($"{instrument.Name} {instrument.GetType().Name.Split('`')[0].ToUpperInvariant()} {instrument.Unit}");
            },
        };
        RuntimeHelpers.RunClassConstructor(Type("Measures").TypeHandle);
        listener.Start();
        Assert.That(Rows("Instruments").Select(r => $"{r[0].Trim('`')} {r[1].ToUpperInvariant()} {r[2]}"), Is.EquivalentTo(found));
    }

    [Test]
    public void the_tags_of_instruments_are_explained()
        => Assert.That(Rows("Instruments").SelectMany(r => r[4].Split(", ", StringSplitOptions.RemoveEmptyEntries)).Distinct(), Is.SubsetOf(Rows("Tags").Where(r => r[1].Contains("instruments", StringComparison.Ordinal)).Select(r => r[0])));

    [Test]
    public void every_event_has_an_id_of_its_own_and_stands_on_the_page()
    {
        var code = string.Join('\n', SourceTree.Files("*.cs").Where(f => f.StartsWith("src/", StringComparison.Ordinal) || f.StartsWith("samples/", StringComparison.Ordinal)).Select(SourceTree.Read));
        var events = Event().Matches(code).Select(m => (Id: m.Groups[1].Value, Level: m.Groups[2].Value, Text: m.Groups[3].Value)).OrderBy(e => e.Id, StringComparer.Ordinal).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(events, Has.Count.EqualTo(code.Split("[LoggerMessage(").Length - 1), "events in a form that this test does not read");
            Assert.That(events.Select(e => e.Id), Is.Unique);
        });
        var table = "<!-- events -->\n| id | level | text |\n|---|---|---|\n" + string.Concat(events.Select(e => $"| {e.Id} | {e.Level} | {e.Text.Replace("\\\"", "\"", StringComparison.Ordinal)} |\n")) + "<!-- end -->";
        var page = SourceTree.Read(Page);
        var wanted = Block().Replace(page, _ => table);
        if (Environment.GetEnvironmentVariable("AS2_WRITE_DOCS") == "1")
            File.WriteAllText(Repository.PathOf(Page), wanted);
        Assert.That(SourceTree.Read(Page), Is.EqualTo(wanted), "AS2_WRITE_DOCS=1 writes the table");
    }

    private static Type Type(string name) => typeof(As2Telemetry).Assembly.GetType("As2.Telemetry." + name, throwOnError: true)!;

    private static IEnumerable<FieldInfo> Fields(string type) => Type(type).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral);

    private static IEnumerable<string> Constants(string type) => Fields(type).Select(f => (string)f.GetRawConstantValue()!);

    /// <summary>The rows of the table under a heading, without its head.</summary>
    private static List<string[]> Rows(string heading)
        => [.. SourceTree.Read(Page).Split("\n## ").Single(s => s.StartsWith(heading + "\n", StringComparison.Ordinal)).Split('\n')
            .Where(l => l.StartsWith('|')).Skip(2).Select(l => l.Trim('|').Split('|').Select(c => c.Trim()).ToArray())];

    [GeneratedRegex("""\[LoggerMessage\((\d{4}), LogLevel\.(\w+), "((?:[^"\\]|\\.)*)"\)\]""")]
    private static partial Regex Event();

    [GeneratedRegex("<!-- events -->.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Block();
}
