using System.Text;
using As2.Layers;
using As2.Testing;

namespace As2.Core.Tests.Layers;

public sealed class SignedDataDigesterTests
{
    [Rfc("8551", "2.1")]
    [TestCase("md5", "900150983cd24fb0d6963f7d28e17f72")]
    [TestCase("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [TestCase("sha-224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7")]
    [TestCase("sha-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [TestCase("sha3-256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532")]
    public void a_digest_over_pieces_is_the_published_one(string name, string expected)
    {
        Assert.That(DigestAlgorithm.TryParse(name, out var algorithm));
        using var digester = new Digester(algorithm!);
        digester.Append("a"u8);
        digester.Append("bc"u8);
        Assert.That(Convert.ToHexStringLower(digester.Finish()), Is.EqualTo(expected));
    }

    [Test]
    public void every_algorithm_agrees_with_its_managed_twin_and_starts_anew([ValueSource(typeof(DigestAlgorithm), nameof(DigestAlgorithm.All))] DigestAlgorithm algorithm)
    {
        var octets = Encoding.ASCII.GetBytes("the octets as they came");
        using var digester = new Digester(algorithm);
        digester.Append(octets);
        var first = digester.Finish();
        digester.Append(octets);
        var twin = Digester.Managed(algorithm);
        twin.BlockUpdate(octets, 0, octets.Length);
        var expected = new byte[twin.GetDigestSize()];
        twin.DoFinal(expected, 0);
        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo(expected));
            Assert.That(digester.Finish(), Is.EqualTo(first));
            Assert.That(first, Has.Length.EqualTo(algorithm.Length));
        });
    }
}
