using As2.Headers;
using As2.Testing;

namespace As2.Core.Tests.Headers;

public sealed class VersionAndFeatureTests
{
    [Rfc("4130", "6.1")]
    [TestCase(null, "1.0")]
    [TestCase("", "1.0")]
    [TestCase("1.2", "1.2")]
    [TestCase(" 1.1 ", "1.1")]
    [TestCase("garbage", "1.0")]
    [TestCase("1.-2", "1.0")]
    [TestCase("2.0", "2.0")]
    public void a_version_never_fails(string? value, string expected) => Assert.That(As2Version.Parse(value).ToString(), Is.EqualTo(expected));

    [Rfc("6017", "2")]
    [Test]
    public void features_are_announced_from_1_2_on()
        => Assert.That(new[] { As2Version.V1_0, As2Version.V1_1, As2Version.V1_2, new(1, 3), new(2, 0) }.Select(v => v.HasFeatures),
            Is.EqualTo(new[] { false, false, true, true, true }));

    [Rfc("6017", "2")]
    [Test]
    public void features_are_compared_without_case_and_unknown_ones_kept()
    {
        var features = EdiintFeatures.Parse(["Multiple-Attachments, CEM,,x y", "\"AS2-reliability\""]);
        Assert.Multiple(() =>
        {
            Assert.That(features.Contains(EdiintFeatures.MultipleAttachments));
            Assert.That(features.Contains(EdiintFeatures.Reliability));
            Assert.That(features.Contains("cem"));
            Assert.That(features.Tokens, Has.Count.EqualTo(3));
            Assert.That(EdiintFeatures.Ours.ToString(), Is.EqualTo("multiple-attachments, AS2-Reliability"));
        });
    }
}
