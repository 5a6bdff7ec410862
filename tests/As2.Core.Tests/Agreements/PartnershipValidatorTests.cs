using As2.Agreements;
using As2.Certificates;
using As2.Layers;
using As2.Testing;

namespace As2.Core.Tests.Agreements;

public sealed class PartnershipValidatorTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly Partnership s_fine = new() { Local = new("US"), Partner = new("THEM"), Endpoint = new("https://as2.partner.example/") };

    [Test]
    public void the_defaults_are_fine() => Assert.That(PartnershipValidator.Validate(s_fine), Is.Empty);

    [Test]
    public void every_fault_is_told_at_once()
    {
        var faults = PartnershipValidator.Validate(s_fine with
        {
            Partner = default,
            Endpoint = new("ftp://user@partner.example/"),
            Sending = new() { Digest = DigestAlgorithm.Md5, Cipher = ContentCipher.Rc2Cbc },
            Receiving = new() { Digests = new HashSet<DigestAlgorithm>(), Ciphers = new HashSet<ContentCipher>(), MaxMessageBytes = 0 },
            Receipt = new()
            {
                Requirement = ReceiptRequirement.None,
                AsynchronousUrl = new("mailto:a@b"),
                Deadline = TimeSpan.Zero,
                AllowedReceiptHosts = new HashSet<string> { "https://x/" },
            },
            Subject = "Zürich",
            ContentType = "edi",
            Quirks = new HashSet<PartnerQuirk> { PartnerQuirk.Rfc2231FileName, PartnerQuirk.Utf8FileName },
        });
        Assert.That(faults.Where(f => !f.IsWarning).Select(f => f.Id["AS2-CONFIG-".Length..]),
            Is.EquivalentTo(new[] { "102", "105", "106", "107", "109", "111", "112", "114", "117", "118", "119", "120", "124", "125" }));
    }

    [Test]
    public void doubtful_settings_are_warnings()
    {
        var faults = PartnershipValidator.Validate(s_fine with
        {
            Local = new("A B"),
            Partner = new("A B"),
            Endpoint = new("http://as2.partner.example/"),
            Sending = new() { Sign = false, Encrypt = false },
            Receiving = new() { RequireSigned = false, Digests = new HashSet<DigestAlgorithm>(DigestAlgorithm.All), Ciphers = new HashSet<ContentCipher>(ContentCipher.All) },
            Receipt = new() { Requirement = ReceiptRequirement.None },
        });
        Assert.That(faults, Has.All.Matches<PartnershipFault>(f => f.IsWarning));
        Assert.That(faults.Select(f => f.Id).Distinct().Count(), Is.GreaterThanOrEqualTo(8));
    }

    [Test]
    public void a_pair_that_is_there_twice_is_told_once()
        => Assert.That(PartnershipValidator.ValidateAll([s_fine, s_fine, s_fine with { Partner = new("OTHER") }]).Select(f => f.Id), Is.EqualTo(new[] { "AS2-CONFIG-101" }));

    [Test]
    public void missing_ending_and_unfit_certificates_are_told()
    {
        using var ending = new As2Certificate(new(TestKeys.Rsa("alice").Certificate), notAfter: s_now.AddDays(20));
        using var expired = new As2Certificate(new(TestKeys.Rsa("alice").Certificate), notAfter: s_now.AddDays(-1));
        var faults = PartnershipValidator.Validate(s_fine, role => role switch
        {
            CertificateRole.Sign => [ending],
            CertificateRole.Encrypt => [expired],
            CertificateRole.Decrypt => [TestKeys.PublicOf(TestKeys.Rsa("alice"))],
            CertificateRole.Verify => [TestKeys.PublicOf(TestKeys.Rsa("bob"))],
            _ => [],
        }, s_now);
        Assert.That(faults.Select(f => $"{f.Setting} {f.Id}"), Is.EquivalentTo(new[]
        {
            "Certificates.Sign AS2-CONFIG-143",
            "Certificates.Encrypt AS2-CONFIG-142",
            "Certificates.Decrypt AS2-CONFIG-142",
            "Certificates.VerifyReceipt AS2-CONFIG-141",
        }));
    }

    [Test]
    public void every_preset_gives_a_valid_partnership_and_a_reason([ValueSource(typeof(PartnerPreset), nameof(PartnerPreset.All))] PartnerPreset preset)
    {
        var applied = preset.Apply(s_fine);
        Assert.Multiple(() =>
        {
            Assert.That(PartnershipValidator.Validate(applied).Where(f => !f.IsWarning), Is.Empty);
            Assert.That(PartnerPreset.Find(preset.Name.ToUpperInvariant()), Is.SameAs(preset));
            Assert.That(preset.Name, Does.Match("^[a-z0-9-]+$"));
            Assert.That(preset.Why, Is.Not.Empty);
            Assert.That((applied.Local, applied.Partner, applied.Endpoint), Is.EqualTo((s_fine.Local, s_fine.Partner, s_fine.Endpoint)));
        });
    }

    [TestCase("openas2")]
    [TestCase("mendelson")]
    [TestCase("pyas2")]
    [TestCase("phase2")]
    [TestCase("sterling")]
    [TestCase("datapower")]
    [TestCase("biztalk")]
    [TestCase("azure")]
    [TestCase("aws-transfer")]
    [TestCase("boomi")]
    [TestCase("cleo")]
    [TestCase("sap")]
    [TestCase("oracle")]
    [TestCase("webmethods")]
    [TestCase("axway")]
    [TestCase("seeburger")]
    public void every_product_of_the_list_has_one(string name) => Assert.That(PartnerPreset.Find(name), Is.Not.Null);

    [Test]
    public void presets_keep_quirks_that_were_set_by_hand()
    {
        var by_hand = s_fine with { Quirks = new HashSet<PartnerQuirk> { PartnerQuirk.SendChunked } };
        Assert.That(PartnerPreset.Find("openas2")!.Apply(by_hand).Quirks, Does.Contain(PartnerQuirk.SendChunked).And.Contain(PartnerQuirk.MicByReceiptOptions));
        Assert.That(PartnerPreset.Find("no-such"), Is.Null);
    }
}
