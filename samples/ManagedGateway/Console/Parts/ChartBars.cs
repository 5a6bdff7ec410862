namespace ManagedGateway.Console.Parts;

/// <summary>Bars that stand together in a chart.</summary>
/// <param name="Name">What stands under them.</param>
/// <param name="Title">What the pointer hears.</param>
/// <param name="Values">One for each series.</param>
public sealed record ChartBars(string Name, string Title, IReadOnlyList<long> Values);
