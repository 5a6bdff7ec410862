using As2.Layers;

namespace As2.Agreements;

/// <summary>
/// What is known to work with a product: one word in configuration gives security, receipt and quirks. A preset is a starting
/// point; what the configuration says beside it wins, since it is applied first.
/// </summary>
public sealed class PartnerPreset
{
    private readonly Func<Partnership, Partnership> _apply;

    internal PartnerPreset(string name, string product, string why, Func<Partnership, Partnership> apply)
        => (Name, Product, Why, _apply) = (name, product, why, apply);

    /// <summary>Every preset, by name.</summary>
    public static IReadOnlyList<PartnerPreset> All => PartnerPresets.All;

    /// <summary>The word in configuration: lower-case letters, digits and hyphens.</summary>
    public string Name { get; }

    /// <summary>The product as its maker calls it.</summary>
    public string Product { get; }

    /// <summary>What it departs in, and from which evidence.</summary>
    public string Why { get; }

    /// <summary>The preset of this name, compared without case; null when there is none.</summary>
    public static PartnerPreset? Find(string? name)
        => All.FirstOrDefault(p => string.Equals(p.Name, name?.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>The partnership with the preset's settings; its names, addresses and routes stay.</summary>
    public Partnership Apply(Partnership partnership) => _apply(partnership);

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    internal static Partnership With(Partnership partnership, params PartnerQuirk[] quirks)
        => partnership with { Quirks = new HashSet<PartnerQuirk>([.. partnership.Quirks, .. quirks]) };

    internal static Partnership AcceptLegacy(Partnership partnership) => partnership with
    {
        Receiving = partnership.Receiving with
        {
            Digests = new HashSet<DigestAlgorithm>([.. partnership.Receiving.Digests, DigestAlgorithm.Sha1]),
            Ciphers = new HashSet<ContentCipher>([.. partnership.Receiving.Ciphers, ContentCipher.TripleDesCbc]),
        },
    };

    internal static Partnership RefuseLegacy(Partnership partnership) => partnership with
    {
        Receiving = partnership.Receiving with
        {
            Digests = partnership.Receiving.Digests.Where(d => d != DigestAlgorithm.Sha1).ToHashSet(),
            Ciphers = partnership.Receiving.Ciphers.Where(c => c != ContentCipher.TripleDesCbc).ToHashSet(),
        },
    };
}
