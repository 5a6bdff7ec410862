using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Testing;

namespace As2.Core.Tests.Layers;

/// <summary>
/// Which octets the MIC is of: every row of layers × digest × payload, against a digest taken by hand of octets that the test itself
/// put together; the writer's MIC and the reader's are both held against it.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class MicTableTests
{
    private static readonly DigestAlgorithm[] s_digests = [DigestAlgorithm.Sha1, DigestAlgorithm.Sha256, DigestAlgorithm.Sha384, DigestAlgorithm.Sha512];

    private static readonly Dictionary<string, byte[]> s_payloads = new()
    {
        ["CRLF, ended"] = "UNB+1'\r\nUNZ+1'\r\n"u8.ToArray(),
        ["CRLF, not ended"] = "UNB+1'\r\nUNZ+1'"u8.ToArray(),
        ["LF, ended"] = "UNB+1'\nUNZ+1'\n"u8.ToArray(),
        ["LF, not ended"] = "UNB+1'\nUNZ+1'"u8.ToArray(),
        ["CR, ended"] = "UNB+1'\rUNZ+1'\r"u8.ToArray(),
        ["two line ends"] = "UNB+1'\r\n\r\n"u8.ToArray(),
        ["blanks at line ends"] = "UNB+1' \r\n\t\r\n"u8.ToArray(),
        ["like a delimiter"] = "--=_as2_\r\n--\r\n"u8.ToArray(),
        ["binary"] = [.. Enumerable.Range(0, 256).Select(i => (byte)i), 13, 10, 0],
        ["empty"] = [],
    };

    private static IEnumerable<TestCaseData> Rows =>
        from sign in (bool[])[false, true]
        from encrypt in (bool[])[false, true]
        from compression in Enum.GetValues<Compression>()
        where sign || compression != Compression.AfterSigning
        from payload in s_payloads.Keys
        select new TestCaseData(new SecurityAgreement { Sign = sign, Encrypt = encrypt, Compression = compression }, payload)
            .SetArgDisplayNames($"{(sign ? "S" : "")}{(encrypt ? "E" : "")}{compression switch { Compression.BeforeSigning => "B", Compression.AfterSigning => "A", _ => "" }}", payload);

    [TestCaseSource(nameof(Rows))]
    [Rfc("4130", "7.3.1")]
    [Rfc("4130", "7.4.3")]
    [Rfc("5402", "4.1")]
    [Rfc("5402", "4.2")]
    [Rfc("5402", "4.3")]
    public void the_mic_is_of_the_octets_of_its_row(SecurityAgreement security, string payload)
    {
        foreach (var digest in s_digests)
        {
            var written = LayerWriting.Of(Options(security with { Digest = digest }), s_payloads[payload]);
            var read = LayerReading.Of(written.Headers, written.Body, LayerReading.Options(Recipient, TestKeys.PublicOf(Signer), digest));
            Assert.That(read.Trace.Fault, Is.Null);
            var mic = new MessageIntegrityCheck(digest, Digester.Hash(digest, Covered(security, written, s_payloads[payload])));
            Assert.That(written.Entity.Mics[0], Is.EqualTo(mic), $"written, {digest}");
            Assert.That(read.Trace.Mics[0], Is.EqualTo(mic), $"read, {digest}");
            Assert.That(read.Payload, Is.EqualTo(s_payloads[payload]));
        }
    }

    [TestCaseSource(nameof(Rows))]
    [Rfc("6362", "2.3")]
    public void of_attachments_it_is_of_the_whole_multipart(SecurityAgreement security, string payload)
    {
        var second = new PayloadHeader { ContentType = "application/pdf", FileName = "a.pdf", ContentId = "2@here" };
        var written = LayerWriting.OfMany(Options(security), (LayerWriting.Order, s_payloads[payload]), (second, s_payloads["binary"]));
        var read = LayerReading.Of(written.Headers, written.Body, LayerReading.Options(Recipient, TestKeys.PublicOf(Signer)));
        Assert.That(read.Trace.Fault, Is.Null);
        Assert.That(read.Trace.Mics[0], Is.EqualTo(written.Entity.Mics[0]));
        Assert.That(read.Payloads.Select(p => p.Octets), Is.EqualTo(new[] { s_payloads[payload], s_payloads["binary"] }));
        if (security is { Sign: false, Encrypt: false, Compression: Compression.None })
            Assert.That(read.Trace.Mics[0].Digest.ToArray(), Is.EqualTo(Digester.Hash(DigestAlgorithm.Sha256, written.Body)));
    }

    // EC: quick to make and to take off.
    private static As2.Certificates.As2Certificate Signer => TestKeys.Ec("mic alice");

    private static As2.Certificates.As2Certificate Recipient => TestKeys.Ec("mic bob");

    private static LayerWriterOptions Options(SecurityAgreement security) => LayerWriting.Options(security, Recipient) with { Signer = Signer };

    /// <summary>RFC 4130 §7.3.1 and RFC 5402 §4, from the octets of the message without its encryption.</summary>
    private static byte[] Covered(SecurityAgreement security, LayerWriting written, byte[] payload)
    {
        if (security is { Sign: false, Encrypt: false, Compression: Compression.None })
            return payload;
        byte[] entity = [.. Encoding.ASCII.GetBytes("Content-Type: application/edifact\r\nContent-Transfer-Encoding: binary\r\nContent-Disposition: attachment; filename=\"order.edi\"\r\n\r\n"), .. payload];
        // Signed over a compression, it is of that compression, whose octets only the message itself has: cut from it by hand.
        return security is { Sign: true, Compression: Compression.BeforeSigning } ? SignedPart(security, written) : entity;
    }

    private static byte[] SignedPart(SecurityAgreement security, LayerWriting written)
    {
        var body = written.Body;
        if (security.Encrypt)
            body = Decrypt(written);
        var start = body.AsSpan().IndexOf("--=_as2_"u8);
        var delimiter = body.AsSpan(start, body.AsSpan(start).IndexOf("\r\n"u8)).ToArray();
        var first = start + delimiter.Length + 2;
        var length = body.AsSpan(first).IndexOf((byte[])[.. "\r\n"u8, .. delimiter]);
        return body.AsSpan(first, length).ToArray();
    }

    private static byte[] Decrypt(LayerWriting written)
    {
        using var folder = new TempFolder();
        var (certificate, key) = TestKeys.WritePem(Recipient, folder, "bob");
        return Openssl.RunAsync(written.Body, "cms", "-decrypt", "-binary", "-inform", "DER", "-recip", certificate, "-inkey", key).GetAwaiter().GetResult();
    }
}
