using System.Security.Cryptography;
using As2.Testing;

namespace As2.House.Tests.Testing;

public sealed class CorpusTests
{
    public static IEnumerable<TestCaseData> Requests => Corpus.Cases(entry => entry.Kind == "request");

    [TestCaseSource(nameof(Requests))]
    public void a_request_has_the_body_that_the_manifest_says(CorpusEntry entry)
    {
        var request = Corpus.Read(entry);
        var wire = Corpus.Bytes(entry.File);
        var body = entry.Transfer == "chunked" ? wire.AsSpan(wire.AsSpan().IndexOf("\r\n\r\n"u8) + 4) : request.Body;
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        Assert.Multiple(() =>
        {
            Assert.That(request.StartLine, Does.StartWith("POST "));
            Assert.That(request.Headers["Message-ID"], Is.EqualTo(entry.MessageId));
            Assert.That(hash, Is.EqualTo(entry.BodySha256));
        });
    }

    [Test]
    public void a_key_of_the_corpus_opens()
    {
        Requires.SharedCorpus();
        using var alice = Corpus.Key("alice");
        Assert.That(alice.RsaPrivateKey, Is.Not.Null);
    }
}
