namespace As2.Testing;

/// <summary>
/// The clause of a standard that a test proves. <c>docs/rfcs.json</c> lists the clauses, <c>eng/rfcs.sh</c> writes <c>RFCs.md</c> from
/// the list and these attributes, and a house test fails where a clause is not listed or the page is stale.
/// </summary>
/// <param name="rfc">The number of the RFC, such as <c>4130</c>.</param>
/// <param name="clause">The section, such as <c>7.4.3</c>.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RfcAttribute(string rfc, string clause) : PropertyAttribute(nameof(Rfc), $"{rfc} §{clause}")
{
    /// <summary>The number of the RFC.</summary>
    public string Rfc { get; } = rfc;

    /// <summary>The section.</summary>
    public string Clause { get; } = clause;
}
