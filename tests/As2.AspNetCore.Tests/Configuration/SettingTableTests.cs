using System.Collections;
using System.Reflection;
using As2.Agreements;
using As2.AspNetCore.Configuration;
using As2.Layers;
using As2.Transmission;
using Microsoft.Extensions.Configuration;

namespace As2.AspNetCore.Tests.Configuration;

/// <summary>The tables of settings against the types that they set: nothing may be reachable by code only.</summary>
public sealed class SettingTableTests
{
    private static readonly Partnership s_default = new() { Local = new("ACME"), Partner = new("GLOBEX") };

    private static IEnumerable<string> PartnershipNames => PartnershipSettings.All.Select(s => s.Name);

    private static IEnumerable<string> EngineNames => EngineSettings.All.Select(s => s.Name);

    [Test]
    public void every_member_of_a_partnership_can_be_set()
        => Assert.That(PartnershipSettings.All.Select(s => s.Member).Where(m => m.Length > 0), Is.EquivalentTo(Members(typeof(Partnership), "")));

    [Test]
    public void every_member_of_the_engine_can_be_set()
        => Assert.That(EngineSettings.All.Select(s => s.Member), Is.EquivalentTo(Members(typeof(As2Options), "")));

    [Test]
    public void every_member_of_the_endpoint_can_be_set_and_its_default_is_in_its_range()
    {
        Assert.That(EndpointSettings.All.Select(s => s.Member), Is.EquivalentTo(Members(typeof(As2EndpointOptions), "")));
        Assert.That(() => EndpointSettings.Check(new As2EndpointOptions()), Throws.Nothing);
    }

    [Test]
    public void options_out_of_their_ranges_are_told_all_at_once()
        => Assert.That(
            () => EndpointSettings.Check(new As2EndpointOptions { MaxRequestsAtOnce = 0, MaxHeaderBytes = 100, MinBodyRateGrace = TimeSpan.FromSeconds(1) }),
            Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-HOST-002").And.Message.Contains("MaxRequestsAtOnce").And.Message.Contains("MaxHeaderBytes").And.Message.Contains("MinBodyRateGrace"));

    [TestCaseSource(nameof(PartnershipNames))]
    public void what_a_partnership_shows_can_be_written(string name)
    {
        var setting = PartnershipSettings.All.Single(s => s.Name == name);
        foreach (var preset in PartnerPreset.All)
        {
            var shown = setting.Show(preset.Apply(s_default));
            if (!IsAbsent(setting, shown))
                Assert.That(setting.Show(setting.Apply(s_default, Text(shown))), Is.EqualTo(shown));
        }
    }

    [TestCaseSource(nameof(EngineNames))]
    public void what_the_engine_shows_can_be_written(string name)
    {
        var setting = EngineSettings.All.Single(s => s.Name == name);
        var shown = setting.Show(new As2Options());
        Assert.That(shown == SettingKinds.None ? shown : setting.Show(setting.Apply(new As2Options(), Text(shown))), Is.EqualTo(shown));
    }

    [TestCaseSource(nameof(PartnershipNames))]
    public void every_word_that_a_setting_accepts_is_taken(string name)
    {
        var setting = PartnershipSettings.All.Single(s => s.Name == name);
        if (!setting.Accepts.StartsWith("one of ", StringComparison.Ordinal) && !setting.Accepts.StartsWith("a list of ", StringComparison.Ordinal))
            return;
        foreach (var word in setting.Accepts.Split("of ", 2)[1].Split(", ").Where(w => !w.Contains(' ', StringComparison.Ordinal)))
            Assert.That(setting.Show(setting.Apply(s_default, Text(word))), Does.Contain(word));
    }

    [Test]
    public void names_differ_in_more_than_case()
        => Assert.That(PartnershipNames.Concat(["Preset", "Certificate", "Certificates", "OurCertificates"]).Select(n => n.ToUpperInvariant()), Is.Unique);

    [Test]
    public void unsafe_words_are_longer()
    {
        var words = PartnershipSettings.All.Where(s => s.Name is "Digest" or "AcceptedDigests" or "Cipher" or "AcceptedCiphers")
            .SelectMany(s => s.Accepts.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.That(words, Does.Contain("legacy-sha1").And.Contain("legacy-3des-cbc").And.Contain("legacy-md5")
            .And.None.AnyOf("sha1", "md5", "3des-cbc", "rc2-cbc", "rc4", "des-cbc"));
    }

    /// <summary>Leaf members, with those of our own records behind their name.</summary>
    private static IEnumerable<string> Members(Type type, string prefix)
        => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0).SelectMany(p => IsBlock(p.PropertyType)
            ? Members(p.PropertyType, $"{prefix}{p.Name}.")
            : [prefix + p.Name]);

    private static bool IsBlock(Type type)
        => type == typeof(SecurityAgreement) || type == typeof(SecurityRequirements) || type == typeof(ReceiptAgreement) || type == typeof(ExchangeAgreement) || type == typeof(ConnectionAgreement) || type == typeof(AccessAgreement)
            || type == typeof(RetrySchedule) || type == typeof(LayerLimits) || type == typeof(Restart.RestartLimits);

    private static bool IsAbsent(Setting<Partnership> setting, string shown)
        => (shown == SettingKinds.None && !setting.Accepts.Contains(SettingKinds.None, StringComparison.Ordinal)) || shown == SettingWords.ReceiptDigest.Show(null);

    private static SettingText Text(string value)
        => new(new ConfigurationBuilder().AddInMemoryCollection([new("X", value)]).Build().GetSection("X"));
}
