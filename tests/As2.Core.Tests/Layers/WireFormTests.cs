using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Mime;
using As2.Testing;
using Org.BouncyCastle.Cms;

namespace As2.Core.Tests.Layers;

/// <summary>What leaves us has the one form that the standards prescribe, seen without our own reader.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WireFormTests
{
    private static readonly byte[] s_payload = Encoding.ASCII.GetBytes("UNB+UNOA:1+A+B+261123:1200+1'\r\nUNZ+0+1'\r\n");

    [Test]
    [Rfc("4130", "5.2.2")]
    [Rfc("8551", "3.5.3")]
    public void a_signed_message_is_two_parts_with_nothing_before_between_and_behind()
    {
        var written = LayerWriting.Of(new SecurityAgreement { Encrypt = false }, s_payload);
        var type = new EntityHeaders(written.Headers);
        var parts = Cut(written.Body, type.Parameter("boundary")!);
        Assert.Multiple(() =>
        {
            Assert.That(type.MediaType, Is.EqualTo("multipart/signed"));
            Assert.That(type.Parameter("protocol"), Is.EqualTo("application/pkcs7-signature"));
            Assert.That(type.Parameter("micalg"), Is.EqualTo("sha-256"));
            Assert.That(parts, Has.Length.EqualTo(4));
            Assert.That(parts[0], Is.Empty, "preamble");
            Assert.That(parts[1], Does.StartWith("Content-Type: application/edifact\r\n").And.EndsWith("\r\n\r\n" + Encoding.ASCII.GetString(s_payload)));
            Assert.That(parts[2], Does.StartWith("Content-Type: application/pkcs7-signature;"));
            Assert.That(parts[3], Is.EqualTo("--\r\n"), "epilogue");
        });
    }

    [Test]
    [Rfc("1847", "2.1")]
    [Rfc("3335", "5.2.1")]
    public async Task openssl_finds_the_signature_to_be_of_the_first_part_as_it_stands()
    {
        using var folder = new TempFolder();
        var written = LayerWriting.Of(new SecurityAgreement { Encrypt = false }, s_payload);
        var parts = Cut(written.Body, new EntityHeaders(written.Headers).Parameter("boundary")!);
        var cms = Convert.FromBase64String(parts[2][(parts[2].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        var content = folder.Write("content", Encoding.Latin1.GetBytes(parts[1]));
        var (certificate, _) = TestKeys.WritePem(LayerWriting.Alice, folder, "alice");
        var verified = await Openssl.RunAsync(cms, "cms", "-verify", "-binary", "-inform", "DER", "-content", content, "-certfile", certificate, "-noverify");
        Assert.That(Encoding.Latin1.GetString(verified), Is.EqualTo(parts[1]));
    }

    [TestCase(Compression.None, "enveloped-data", "smime.p7m")]
    [TestCase(Compression.BeforeSigning, "compressed-data", "smime.p7z")]
    [Rfc("8551", "3.2.2")]
    [Rfc("5402", "2")]
    public void an_opaque_layer_says_what_it_is(Compression compression, string smimeType, string name)
    {
        var security = new SecurityAgreement { Sign = false, Encrypt = compression == Compression.None, Compression = compression };
        var headers = LayerWriting.Of(security, s_payload).Headers;
        Assert.That(headers["Content-Type"], Is.EqualTo($"application/pkcs7-mime; smime-type={smimeType}; name=\"{name}\""));
        Assert.That(headers["Content-Transfer-Encoding"], Is.EqualTo("binary"));
    }

    [Test]
    [Rfc("8551", "3.2.2")]
    [Rfc("5083", "2.1")]
    public void an_authenticated_envelope_is_announced_as_one()
        => Assert.That(
            LayerWriting.Of(new SecurityAgreement { Cipher = ContentCipher.Aes128Gcm }, s_payload).Headers["Content-Type"],
            Does.Contain("smime-type=authEnveloped-data"));

    [Test]
    [Rfc("3274", "2")]
    [Rfc("5402", "2")]
    public void bouncy_castle_reads_the_compression_that_we_write()
    {
        var security = new SecurityAgreement { Sign = false, Encrypt = false, Compression = Compression.BeforeSigning };
        var content = new CmsCompressedData(LayerWriting.Of(security, s_payload).Body).GetContent(1 << 20);
        Assert.That(Encoding.ASCII.GetString(content), Does.StartWith("Content-Type: application/edifact\r\n").And.EndsWith(Encoding.ASCII.GetString(s_payload)));
    }

    [Test]
    [Rfc("8551", "3.3")]
    public async Task what_is_encrypted_is_a_whole_entity()
    {
        using var folder = new TempFolder();
        var (certificate, key) = TestKeys.WritePem(LayerWriting.Bob, folder, "bob");
        var written = LayerWriting.Of(new SecurityAgreement { Sign = false }, s_payload);
        var entity = Encoding.ASCII.GetString(await Openssl.RunAsync(written.Body, "cms", "-decrypt", "-binary", "-inform", "DER", "-recip", certificate, "-inkey", key));
        Assert.That(entity, Does.Match("^Content-Type: application/edifact\r\n(.+\r\n)*\r\n").And.EndsWith(Encoding.ASCII.GetString(s_payload)));
    }

    [Test]
    [Rfc("4130", "4.1")]
    public void every_media_type_of_as2_is_taken_for_what_it_is(
        [Values("application/EDI-X12", "application/EDIFACT", "application/edi-consent", "application/xml", "text/plain", "application/octet-stream")] string type)
    {
        var read = LayerReading.Of(new HeaderFields { { "Content-Type", type } }, s_payload, LayerReading.Options());
        Assert.That(read.Payloads.Single().Header.ContentType, Is.EqualTo(type).IgnoreCase);
        Assert.That(read.Payload, Is.EqualTo(s_payload));
    }

    private static string[] Cut(byte[] body, string boundary) => ("\r\n" + Encoding.Latin1.GetString(body)).Split("\r\n--" + boundary).Select((part, i) => i is 0 or 3 ? part : part[2..]).ToArray();
}
