using System.Globalization;

namespace As2.Benchmarks.Million;

/// <summary>What people ask a console for, as addresses of its API; the pages ask the same services.</summary>
internal sealed class MillionQuestions(int rows, TimeSpan span)
{
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    /// <summary>Each question by name; the number makes every round another one.</summary>
    public IReadOnlyList<(string Name, Func<int, string> Path)> All =>
    [
        ("dashboard", _ => "/api/v1/dashboard"),
        ("newest messages", _ => Messages("")),
        ("a page deep in the list", i => Messages($"before={IdAt(Part(i))}")),
        ("a Message-ID", i => Messages($"text=-{Row(i)}%40partner{Row(i) % 400}.example")),
        ("part of a Message-ID", i => Messages($"text=-{Row(i)}%40PART")),
        ("a file name", i => Messages($"text={(Row(i) % 3 == 0 ? "INVOIC_" : "ORDERS_")}{Row(i)}.edi")),
        ("a part that most have", _ => Messages("text=orders")),
        ("… deep in the list", i => Messages($"text=orders&before={IdAt(Part(i))}")),
        ("a text that is nowhere", i => Messages($"text=nowhere-{i}")),
        ("a partner", i => Messages($"partner=PARTNER-{i % 400}")),
        ("… deep in the list", i => Messages($"partner=PARTNER-{i % 400}&before={IdAt(Part(i))}")),
        ("a partner and part of a name", i => Messages($"partner=PARTNER-{i % 400}&text=_77")),
        ("a rare state", _ => Messages("state=Suspended")),
        ("a common state", _ => Messages("state=Acknowledged")),
        ("… deep, of a partner", i => Messages($"state=Refused&partner=PARTNER-{((i * 100) + 50) % 400}&before={IdAt(Part(i))}")),
        ("one day", i => Messages($"from={Time(Part(i))}&until={Time(Part(i).AddDays(1))}")),
        ("one day, state and part of a name", i => Messages($"from={Time(Part(i))}&until={Time(Part(i).AddDays(1))}&state=Refused&text=orders")),
        ("usage of this month", _ => "/api/v1/usage"),
    ];

    private static string Messages(string query) => $"/api/v1/messages?max=50&{query}";

    private int Row(int i) => (int)(i * 7919L * 127 % rows);

    private DateTimeOffset Part(int i) => _now - (span * ((i * 37 % 97 + 1) / 100.0));

    private static string Time(DateTimeOffset moment) => moment.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string IdAt(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture);
}
