using System.Globalization;

namespace As2.Benchmarks.Figures;

/// <summary>One measured value.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The value.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Ratio">Rate in parts of that of the floor, measured beside it; null without a floor.</param>
/// <param name="Bar">What the ratio must reach, or, without a floor, what the value may not pass; null where nothing is demanded.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Ratio = null, double? Bar = null)
{
    private bool IsOk => Bar is not { } bar || (Ratio is { } ratio ? ratio >= bar : Value <= bar);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name} {Value:0.#} {Unit} {Text(Ratio, "0.000")} {Text(Bar, "0.##")} {(IsOk ? "ok" : "short")}");

    private static string Text(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
