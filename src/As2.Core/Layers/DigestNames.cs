using As2.Agreements;

namespace As2.Layers;

/// <summary>How a partner wants the digest spelt.</summary>
internal static class DigestNames
{
    /// <summary>The wire name, without its hyphen for partners that know only the old spelling.</summary>
    public static string Spell(LayerWriterOptions options)
    {
        var name = options.Security.Digest.WireName;
        return options.Quirks.Contains(PartnerQuirk.OldDigestNames) ? name.Replace("-", "", StringComparison.Ordinal) : name;
    }
}
