using System.Text;
using As2.Layers;

namespace As2.Core.Tests.Layers;

/// <summary>A MIC that does not match is explained by the reading that gives it.</summary>
[TestFixture]
public sealed class MicDiagnosisTests
{
    private const string Header = "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    private const string Body = "T1JERVIN\r\nCg==\n";

    [TestCase(Header + Body, "the entity with its header")]
    [TestCase(Body, "the body without its header")]
    [TestCase(Header + "T1JERVIN\r\nCg==\r\n", "the entity with its header, with CRLF line ends")]
    [TestCase(Header + "T1JERVIN\r\nCg==", "the entity with its header, without its last line end")]
    [TestCase("T1JERVIN\nCg==\n", "the body without its header, with LF line ends")]
    [TestCase("ORDER\r\n", "the decoded body without its header")]
    [TestCase(Header + "ORDER\r\n", "the entity with its body decoded")]
    [TestCase("T1JERVIN\r\nCg==\r\n", "the body without its header, with CRLF line ends")]
    public void the_reading_that_gives_the_mic_is_named(string hashed, string reading)
    {
        var mic = new MessageIntegrityCheck(DigestAlgorithm.Sha256, Digester.Hash(DigestAlgorithm.Sha256, Encoding.ASCII.GetBytes(hashed)));
        Assert.That(MicDiagnosis.TryExplain(Encoding.ASCII.GetBytes(Header + Body), mic, out var found));
        Assert.That(found, Is.EqualTo(reading));
    }

    [Test]
    public void a_product_that_turns_lone_returns_into_line_ends_is_known()
    {
        var mic = new MessageIntegrityCheck(DigestAlgorithm.Sha256, Digester.Hash(DigestAlgorithm.Sha256, "a\r\n\r\nb\r\nc\r\n"u8));
        Assert.That(MicDiagnosis.TryExplain("Content-Type: text/plain\r\n\r\na\r\n\rb\nc\r"u8, mic, out var found));
        Assert.That(found, Is.EqualTo("the body without its header, with CRLF in place of every CR and LF"));
    }

    [Test]
    public void another_digest_under_this_name_is_named()
    {
        var entity = Encoding.ASCII.GetBytes(Header + Body);
        var mic = new MessageIntegrityCheck(DigestAlgorithm.Sha256, Digester.Hash(DigestAlgorithm.Sha3_256, entity));
        Assert.That(MicDiagnosis.TryExplain(entity, mic, out var found));
        Assert.That(found, Does.Contain("sha3-256"));
    }

    [Test]
    public void other_content_is_not_explained()
    {
        var mic = new MessageIntegrityCheck(DigestAlgorithm.Sha256, new byte[32]);
        Assert.That(MicDiagnosis.TryExplain(Encoding.ASCII.GetBytes(Header + Body), mic, out _), Is.False);
    }
}
