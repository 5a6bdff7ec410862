using As2.Agreements;
using As2.Core.Tests.Walks;
using As2.Layers;
using As2.Payloads;
using As2.Storage;

namespace As2.Core.Tests.Agreements;

public sealed class PartnerPresetTests
{
    private static readonly Partnership s_agreed = new()
    {
        Local = new("US"), Partner = new("THEM"), Endpoint = new Uri("https://them.example/as2"), Routes = ["mailbox:them"], Subject = "orders",
    };

    [TestCaseSource(typeof(PartnerPreset), nameof(PartnerPreset.All))]
    public void a_preset_gives_an_agreement_without_a_fault_and_leaves_the_rest(PartnerPreset preset)
    {
        var applied = preset.Apply(s_agreed);
        Assert.Multiple(() =>
        {
            Assert.That(PartnershipValidator.Validate(applied).Where(f => !f.IsWarning), Is.Empty);
            Assert.That((applied.Local, applied.Partner, applied.Endpoint, applied.Subject), Is.EqualTo((s_agreed.Local, s_agreed.Partner, s_agreed.Endpoint, s_agreed.Subject)));
            Assert.That(applied.Routes, Is.EqualTo(s_agreed.Routes));
            Assert.That(preset.Why, Is.Not.Empty);
        });
    }

    [TestCaseSource(typeof(PartnerPreset), nameof(PartnerPreset.All))]
    public void a_preset_refuses_nothing_that_the_defaults_take_and_demands_signatures(PartnerPreset preset)
    {
        var (applied, usual) = (preset.Apply(s_agreed).Receiving, s_agreed.Receiving);
        Assert.Multiple(() =>
        {
            Assert.That(applied.MaxMessageBytes, Is.GreaterThanOrEqualTo(usual.MaxMessageBytes));
            Assert.That(usual.Digests, Is.SubsetOf(applied.Digests));
            Assert.That(usual.Ciphers, Is.SubsetOf(applied.Ciphers));
            Assert.That(applied.RequireSigned, Is.True);
            Assert.That(applied.Digests, Has.None.EqualTo(DigestAlgorithm.Md5));
        });
    }

    [TestCaseSource(typeof(PartnerPreset), nameof(PartnerPreset.All))]
    public async Task a_message_goes_and_its_receipt_confirms_where_both_have_the_preset(PartnerPreset preset)
    {
        using var parties = new TwoParties(preset.Apply, p => preset.Apply(p with { Receiving = new() }));
        var sent = await parties.Sender.SendAsync(Payload.FromBytes("order\r\n"u8.ToArray(), "o.edi"), parties.Agreement, default);
        Assert.That(sent.State, Is.EqualTo(MessageState.Acknowledged), sent.Reason);
        var received = await parties.BobStore.FindAsync(RoundTripTests.KeyAtBob(sent.MessageId!), default);
        Assert.That(await TwoParties.ReadAsync(parties.BobStore, received!.Payloads[0].Content), Is.EqualTo("order\r\n"u8.ToArray()));
    }

    [Test]
    public void names_are_one_word_each_and_found_without_case()
    {
        Assert.That(PartnerPreset.All.Select(p => p.Name), Is.Unique.And.All.Match("^[a-z0-9-]+$"));
        Assert.That(PartnerPreset.Find(" OpenAS2 ")!.Name, Is.EqualTo("openas2"));
        Assert.That(PartnerPreset.Find("no-such"), Is.Null);
    }

    [TestCase("openas2", PartnerQuirk.MicByReceiptOptions, PartnerQuirk.CompressedMicWithoutHeaders)]
    [TestCase("mendelson", PartnerQuirk.NewMessageIdOnResend, PartnerQuirk.RawDecryptedContent, PartnerQuirk.UnsignedMicSha1)]
    [TestCase("pyas2", PartnerQuirk.NoWarnings, PartnerQuirk.AcceptMissingMic)]
    [TestCase("sap", PartnerQuirk.OldDigestNames)]
    [TestCase("seeburger", PartnerQuirk.OldDigestNames)]
    [TestCase("opentext", PartnerQuirk.LineEndsChange)]
    [TestCase("peppol", PartnerQuirk.OldDigestNames, PartnerQuirk.RequiredReceiptOptions)]
    public void a_preset_carries_the_quirks_of_its_product(string name, params PartnerQuirk[] quirks)
        => Assert.That(PartnerPreset.Find(name)!.Apply(s_agreed).Quirks, Is.EquivalentTo(quirks));

    [Test]
    public void every_product_of_the_list_has_its_word()
    {
        string[] wanted =
        [
            "openas2", "mendelson", "pyas2", "phase2", "sterling", "datapower", "biztalk", "azure", "aws-transfer", "boomi", "cleo", "sap", "oracle",
            "webmethods", "axway", "seeburger",
        ];
        Assert.That(wanted, Is.SubsetOf(PartnerPreset.All.Select(p => p.Name)));
    }
}
