using As2.Agreements;
using As2.Layers;
using As2.Receipts;
using As2.Testing;

namespace As2.Core.Tests.Receipts;

public sealed class MicDigestChoiceTests
{
    [Rfc("4130", "7.4.3")]
    [TestCase("sha-256", "", "sha-256")]
    [TestCase("sha-256", "sha-256,sha1", "sha-256")]
    [TestCase("sha-256", "sha1,sha-256", "sha-256")]
    [TestCase("sha-256", "sha-512,sha1", "sha-256")]
    [TestCase(null, "sha-512,sha1", "sha-512")]
    [TestCase(null, "", "sha1")]
    public void the_signature_decides_whatever_the_request_lists(string? signature, string asked, string expected)
        => Assert.That(Choose(signature, asked), Is.EqualTo(expected));

    [TestCase("sha-256", "sha1,sha-256", PartnerQuirk.MicByReceiptOptions, "sha1")]
    [TestCase("sha-256", "sha-512", PartnerQuirk.MicByReceiptOptions, "sha-512")]
    [TestCase("sha-256", "", PartnerQuirk.MicByReceiptOptions, "sha-256")]
    [TestCase(null, "sha-256", PartnerQuirk.UnsignedMicSha1, "sha1")]
    [TestCase("sha-256", "sha-256", PartnerQuirk.UnsignedMicSha1, "sha-256")]
    [TestCase(null, "", PartnerQuirk.UnsignedMicSha256, "sha-256")]
    [TestCase(null, "sha1", PartnerQuirk.UnsignedMicSha256, "sha1")]
    public void quirks_change_it(string? signature, string asked, PartnerQuirk quirk, string expected)
        => Assert.That(Choose(signature, asked, quirk), Is.EqualTo(expected));

    private static string Choose(string? signature, string asked, params PartnerQuirk[] quirks)
        => MicDigestChoice.Choose(
            signature is null ? null : Parse(signature),
            [.. asked.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Parse)],
            quirks.ToHashSet()).WireName;

    private static DigestAlgorithm Parse(string name) => DigestAlgorithm.TryParse(name, out var digest) ? digest : throw new ArgumentException(name);
}
