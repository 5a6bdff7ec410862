using As2.Agreements;

namespace As2.AspNetCore.Configuration;

/// <summary>The list of quirks: each name adds one to those of the preset, a name with a minus takes one away.</summary>
internal static class QuirkSettings
{
    private static readonly IReadOnlyList<(string, PartnerQuirk)> s_names = [.. Enum.GetValues<PartnerQuirk>().Select(q => (q.ToString(), q))];
    private static readonly SettingKind<IReadOnlySet<PartnerQuirk>> s_kind = SettingWords.Several(s_names);

    public static string Accepts => s_kind.Accepts;

    public static Partnership Apply(Partnership partnership, SettingText text)
    {
        var quirks = partnership.Quirks.ToHashSet();
        foreach (var word in text.List)
        {
            if (word.StartsWith('-'))
                quirks.Remove(SettingWords.Find(s_names, word[1..]));
            else
                quirks.Add(SettingWords.Find(s_names, word));
        }
        return partnership with { Quirks = quirks };
    }

    public static string Show(Partnership partnership) => s_kind.Show(partnership.Quirks);
}
