using System.Globalization;
using System.Text;
using As2.Testing;

namespace As2.House.Tests.Samples;

/// <summary>The demo's interchanges are what they say: a partner's translator would take them.</summary>
public sealed class EdiSampleTests
{
    [Test]
    public void the_edifact_order_has_correct_counts()
    {
        var segments = Segments("orders.edi", '\'', '+');
        Assert.Multiple(() =>
        {
            Assert.That(segments[0][0], Is.EqualTo("UNA:"));
            Assert.That(segments[1][0], Is.EqualTo("UNB"));
            Assert.That(Number(One(segments, "UNT")[1]), Is.EqualTo(Span(segments, "UNH", "UNT")));
            Assert.That(One(segments, "UNT")[2], Is.EqualTo(One(segments, "UNH")[1]));
            Assert.That(Number(One(segments, "UNZ")[1]), Is.EqualTo(segments.Count(s => s[0] == "UNH")));
            Assert.That(One(segments, "UNZ")[2], Is.EqualTo(One(segments, "UNB")[5]));
            Assert.That(One(segments, "CNT")[1], Is.EqualTo($"2:{segments.Count(s => s[0] == "LIN")}"));
            Assert.That(segments, Has.Count.InRange(90, 120));
        });
    }

    [Test]
    public void the_edifact_order_adds_up()
    {
        var amounts = Segments("orders.edi", '\'', '+').Where(s => s[0] == "MOA").Select(s => s[1].Split(':')).ToList();
        var lines = amounts.Where(a => a[0] == "203").Sum(a => decimal.Parse(a[1], CultureInfo.InvariantCulture));
        Assert.That(amounts.Single(a => a[0] == "79")[1], Is.EqualTo(lines.ToString(CultureInfo.InvariantCulture)));
    }

    [Test]
    public void the_x12_order_has_correct_counts()
    {
        var segments = Segments("850.x12", '~', '*');
        Assert.Multiple(() =>
        {
            Assert.That(string.Join('*', segments[0]), Has.Length.EqualTo(105), "ISA is of fixed width");
            Assert.That(segments[0].Skip(1).Select(element => element.Length), Is.EqualTo(s_isaWidths));
            Assert.That(Number(One(segments, "SE")[1]), Is.EqualTo(Span(segments, "ST", "SE")));
            Assert.That(One(segments, "SE")[2], Is.EqualTo(One(segments, "ST")[2]));
            Assert.That(Number(One(segments, "GE")[1]), Is.EqualTo(segments.Count(s => s[0] == "ST")));
            Assert.That(One(segments, "GE")[2], Is.EqualTo(One(segments, "GS")[6]));
            Assert.That(Number(One(segments, "IEA")[1]), Is.EqualTo(segments.Count(s => s[0] == "GS")));
            Assert.That(One(segments, "IEA")[2], Is.EqualTo(segments[0][13]));
            Assert.That(Number(One(segments, "CTT")[1]), Is.EqualTo(segments.Count(s => s[0] == "PO1")));
            Assert.That(segments, Has.Count.InRange(80, 120));
        });
    }

    [Test]
    public void the_x12_order_adds_up()
    {
        var segments = Segments("850.x12", '~', '*');
        var lines = segments.Where(s => s[0] == "PO1").Sum(s => Number(s[2]) * decimal.Parse(s[4], CultureInfo.InvariantCulture));
        Assert.That(One(segments, "AMT")[2], Is.EqualTo(lines.ToString(CultureInfo.InvariantCulture)));
    }

    private static readonly int[] s_isaWidths = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];

    private static List<string[]> Segments(string file, char terminator, char separator)
        => File.ReadAllText(Repository.PathOf("samples", "ManagedGateway", "samples", file), Encoding.Latin1)
            .Split(terminator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(segment => segment.Split(separator))
            .ToList();

    private static string[] One(List<string[]> segments, string tag) => segments.Single(s => s[0] == tag);

    private static int Span(List<string[]> segments, string first, string last)
        => segments.FindIndex(s => s[0] == last) - segments.FindIndex(s => s[0] == first) + 1;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
