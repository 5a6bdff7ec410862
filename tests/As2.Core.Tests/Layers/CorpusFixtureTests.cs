using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Mime;
using As2.Testing;

namespace As2.Core.Tests.Layers;

/// <summary>Messages of Mendelson that another project keeps as fixtures: headers and body, no request line.</summary>
[TestFixture]
public sealed class CorpusFixtureTests
{
    private static IEnumerable<TestCaseData> Requests => Corpus.Cases(e => e is { Kind: "fixture-request", Peer: "mendelson" });

    [TestCaseSource(nameof(Requests))]
    public void a_fixture_gives_what_the_manifest_says(CorpusEntry entry)
    {
        var octets = Corpus.Bytes(entry.File);
        var body = HeaderBlock.FindBody(octets);
        using var opens = new As2Certificate(X509CertificateLoader.LoadPkcs12FromFile(Corpus.PathOf("fixtures/pyas2-lib/cert_test.p12"), "test"));
        using var signer = new As2Certificate(X509CertificateLoader.LoadCertificateFromFile(Corpus.PathOf(entry.SignerCert!)));
        var options = LayerReading.Options(opens, signer) with
        {
            AcceptExpiredSignerCertificate = true,
            // Its unsigned single payload has no MIME header inside the encryption.
            Quirks = new HashSet<PartnerQuirk> { PartnerQuirk.RawDecryptedContent },
        };
        var read = LayerReading.Of(HeaderFields.Parse(octets.AsSpan(0, body)), octets.AsMemory(body), options);
        Assert.That(read.Trace.Fault, Is.Null);
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(read.Payload)), Is.EqualTo(entry.PayloadSha256));
        if (entry.Mic is not null)
            Assert.That(Convert.ToBase64String(read.Trace.Mics[0].Digest.Span), Is.EqualTo(entry.Mic));
    }
}
