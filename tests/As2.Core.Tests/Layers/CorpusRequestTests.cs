using System.Security.Cryptography;
using As2.Agreements;
using As2.Layers;
using As2.Receipts;
using As2.Testing;

namespace As2.Core.Tests.Layers;

/// <summary>Every request of the shared corpus, from four products, openssl and by hand, gives the manifest's payload, MIC and outcome.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class CorpusRequestTests
{
    /// <summary>Payloads that their sender changed before it signed or sent them; the manifest could not know, since no receiver took them.</summary>
    private static readonly Dictionary<string, string> s_alteredBySender = new()
    {
        // libas2 turns LF into CRLF, and signs without the last line end.
        ["messages/libas2/signed-text-lf_txt.req.http"] = "81017d5ace69a6295a77b5d6935289d02c12c32c26071701b2494df9fa59cc5c",
        ["messages/libas2/signed-text-mixed_txt.req.http"] = "ae60b59674cacba5382cbc88585d182e173be6be9a4a3a8f992d1d811944bfde",
    };

    /// <summary>Where the sender's MIC is none that RFC 4130 knows; every receiver in the manifest computed ours.</summary>
    private static readonly HashSet<string> s_wrongMics =
    [
        // OpenAS2 hashes base64 that it then does not send: HTTP body and label are binary.
        "messages/openas2/cte-base64-plain.req.http",
    ];

    private static IEnumerable<TestCaseData> Requests => Corpus.Cases(e => e.Kind == "request");

    [Rfc("4130", "4.2")]
    [TestCaseSource(nameof(Requests))]
    public void a_request_of_another_product_gives_what_the_manifest_says(CorpusEntry entry)
    {
        var reading = Read(entry);
        if (entry.Expect is "processed" or "policy")
            IsProcessed(entry, reading);
        else if (!entry.Expect!.Contains("unknown-trading", StringComparison.Ordinal))
            Assert.That(entry.Expect.Split('|'), Does.Contain(reading.Trace.Fault?.Disposition.Text), reading.Trace.Fault?.Diagnosis);
    }

    private static LayerReading Read(CorpusEntry entry)
    {
        var message = Corpus.Read(entry);
        var wanted = DigestAlgorithm.TryParse(entry.MicAlg, out var algorithm) ? algorithm : DigestAlgorithm.Sha256;
        using var opens = Corpus.Key(KeyOf(entry.As2To) ?? "bob");
        using var signed = Corpus.Certificate(KeyOf(entry.As2From) ?? "alice");
        return LayerReading.Of(message.Headers, message.Body, LayerReading.Options(opens, signed, wanted) with
        {
            AcceptExpiredSignerCertificate = entry.Expect == "policy",
            Quirks = entry.Peer == "openas2" ? new HashSet<PartnerQuirk> { PartnerQuirk.CompressedMicWithoutHeaders } : [],
        });
    }

    private static void IsProcessed(CorpusEntry entry, LayerReading reading)
    {
        Assert.That(reading.Trace.Fault, Is.Null);
        // "As received" is either what the sender made of the payload, or what receivers got that left a layer on: both are in the manifest.
        var altered = s_alteredBySender.GetValueOrDefault(entry.File);
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(reading.Payload)), Is.AnyOf(entry.PayloadSha256, entry.ReceivedSha256, altered));
        // In the algorithm of the signature, or in that of the request for a receipt: some senders go by the one, some by the other.
        if (entry.Mic is not null && !s_wrongMics.Contains(entry.File))
            Assert.That(reading.Trace.Mics.Select(m => Convert.ToBase64String(m.Digest.Span)), Does.Contain(entry.Mic));
        Assert.That(reading.Trace.IsSigned, Is.EqualTo(reading.Trace.Signature is not null));
        if (entry.Options?.Sign is not null)
            Assert.That(reading.Trace.IsSigned);
        if (entry.Options?.Enc is not null)
            Assert.That(reading.Trace.IsEncrypted);
    }

    private static string? KeyOf(string? name) => name is not null && Corpus.Partners.TryGetValue(name, out var key) ? key : null;
}
