namespace As2.Agreements;

/// <summary>One thing that is wrong, or doubtful, with a partnership.</summary>
/// <param name="Id">Stable identifier such as <c>AS2-CONFIG-101</c>.</param>
/// <param name="Setting">The setting: <c>Endpoint</c>, <c>Sending.Digest</c>.</param>
/// <param name="Text">Names the value, states the fix.</param>
/// <param name="IsWarning">True: it works, but somebody should look.</param>
public sealed record PartnershipFault(string Id, string Setting, string Text, bool IsWarning = false)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{(IsWarning ? "warning" : "error")} {Id} {Setting}: {Text}";
}
