using System.Text;
using System.Text.RegularExpressions;
using As2.Agreements;
using As2.AspNetCore.Configuration;
using As2.Testing;

namespace As2.AspNetCore.Tests.Configuration;

/// <summary>docs/settings.md is what the tables say. With AS2_WRITE_DOCS=1 the test writes the page.</summary>
public sealed partial class SettingsPageTests
{
    private static readonly Partnership s_default = new() { Local = new("ACME"), Partner = new("GLOBEX") };

    [Test]
    public void the_page_says_what_the_code_does()
    {
        var file = Path.Combine(Repository.Root, "docs", "settings.md");
        var page = File.ReadAllText(file);
        var wanted = Block().Replace(page, m => $"<!-- {m.Groups[1].Value} -->\n{Table(m.Groups[1].Value)}<!-- end -->");
        if (Environment.GetEnvironmentVariable("AS2_WRITE_DOCS") == "1")
            File.WriteAllText(file, wanted);
        Assert.That(File.ReadAllText(file), Is.EqualTo(wanted));
    }

    private static string Table(string name) => name switch
    {
        "partnership" => Rows(PartnershipSettings.All, s_default),
        "engine" => Rows(EngineSettings.All, new As2Options()),
        "http" => Rows(EndpointSettings.All, new As2EndpointOptions()),
        "ours" => Rows(CertificateSettings.Ours, new CertificateEntry()),
        "theirs" => Rows(CertificateSettings.Theirs, new CertificateEntry()),
        "presets" => Presets(),
        _ => Quirks(),
    };

    private static string Rows<T>(IEnumerable<Setting<T>> settings, T defaults)
        => "| setting | default | accepts | is |\n|---|---|---|---|\n" + string.Concat(settings.Select(s => $"| `{s.Name}` | {Default(s.Show(defaults))} | {Accepts(s)} | {s.Meaning} |\n"));

    private static string Default(string shown) => shown.Length == 0 ? "" : shown.Length > 80 ? "the modern ones" : shown;

    private static string Accepts<T>(Setting<T> setting) => setting.Name == "Quirks" ? "a list of the names below" : setting.Accepts;

    private static string Presets()
    {
        var text = new StringBuilder("| preset | product | sets | because |\n|---|---|---|---|\n");
        foreach (var preset in PartnerPreset.All)
        {
            var applied = preset.Apply(s_default);
            var sets = PartnershipSettings.All.Where(s => s.Show(applied) != s.Show(s_default)).Select(s => $"`{s.Name}`: {Shown(s, applied)}");
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{preset.Name}` | {preset.Product} | {string.Join("; ", sets)} | {preset.Why} |\n");
        }
        return text.ToString();
    }

    private static string Shown(Setting<Partnership> setting, Partnership applied)
        => setting.Name.StartsWith("Accepted", StringComparison.Ordinal)
            ? "and " + string.Join(", ", setting.Show(applied).Split(", ").Except(setting.Show(s_default).Split(", ")))
            : setting.Show(applied);

    private static string Quirks()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "As2.Core", "Agreements", "PartnerQuirk.cs"));
        var meanings = Member().Matches(source).ToDictionary(m => m.Groups[2].Value, m => Spaces().Replace(m.Groups[1].Value.Replace("///", " ", StringComparison.Ordinal), " ").Trim());
        return "| quirk | is |\n|---|---|\n" + string.Concat(Enum.GetNames<PartnerQuirk>().Select(q => $"| `{q}` | {meanings[q].Replace("<c>", "`", StringComparison.Ordinal).Replace("</c>", "`", StringComparison.Ordinal)} |\n"));
    }

    [GeneratedRegex(@"<!-- (partnership|engine|http|ours|theirs|presets|quirks) -->\n.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"<summary>((?:(?!</summary>).)*)</summary>\s*(\w+),", RegexOptions.Singleline)]
    private static partial Regex Member();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
