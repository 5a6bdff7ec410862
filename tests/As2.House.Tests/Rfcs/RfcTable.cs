using System.Text.Json;
using As2.House.Tests.House;

namespace As2.House.Tests.Rfcs;

/// <summary>A standard of <c>docs/rfcs.json</c>.</summary>
internal sealed record RfcDocument(string Rfc, string Title, IReadOnlyList<RfcClause> Clauses, string? Note = null);

/// <summary>A clause: what it demands, how strongly, which types answer for it.</summary>
/// <param name="Clause">The section.</param>
/// <param name="Level">MUST, SHOULD, MAY, or <c>defines</c> for a clause that demands nothing by itself.</param>
/// <param name="Demands">Our short statement of it.</param>
/// <param name="By">The types that implement it, by simple name; empty where it is not implemented.</param>
/// <param name="Untested">Why no test proves it.</param>
/// <param name="Deviation">Where we depart from it, and why.</param>
internal sealed record RfcClause(
    string Clause, string Level, string Demands, IReadOnlyList<string>? By = null, string? Untested = null, string? Deviation = null);

/// <summary>The list of clauses.</summary>
internal static class RfcTable
{
    public const string Source = "docs/rfcs.json";

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static IReadOnlyList<RfcDocument> Documents { get; } = JsonSerializer.Deserialize<List<RfcDocument>>(SourceTree.Read(Source), s_json)!;

    /// <summary>Every clause with its standard.</summary>
    public static IEnumerable<(string Rfc, RfcClause Clause)> Clauses
        => Documents.SelectMany(document => document.Clauses, (document, clause) => (document.Rfc, clause));
}
