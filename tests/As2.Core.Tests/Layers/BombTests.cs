using System.Formats.Asn1;
using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Testing;

namespace As2.Core.Tests.Layers;

/// <summary>Small messages that would make a careless reader work without end: each ends early, in a defined disposition.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BombTests
{
    [Test]
    [Rfc("5402", "5")]
    public void zlib_that_grows_a_thousandfold_ends_at_the_ratio()
    {
        var bomb = LayerWriting.Of(new SecurityAgreement { Sign = false, Encrypt = false, Compression = Compression.BeforeSigning }, new byte[64 << 20]);
        var read = bomb.Read();
        TestContext.Out.WriteLine($"{bomb.Body.Length} bytes hold {64 << 20}; {read.Payload.Length} came out.");
        Assert.Multiple(() =>
        {
            Assert.That(bomb.Body, Has.Length.LessThan(100_000));
            Assert.That(read.Trace.Fault!.Disposition, Is.EqualTo(Disposition.DecompressionFailed));
            Assert.That(read.Payload, Has.Length.LessThan(24 << 20));
        });
    }

    [Test]
    [Rfc("5402", "3")]
    public void a_second_compression_is_refused()
    {
        var once = LayerWriting.Of(new SecurityAgreement { Sign = false, Encrypt = false, Compression = Compression.BeforeSigning }, "UNB"u8.ToArray());
        var twice = Compressed(once.ToEntity());
        Assert.That(Read("application/pkcs7-mime; smime-type=compressed-data", twice).Trace.Fault!.Disposition, Is.EqualTo(Disposition.UnexpectedProcessingError));
    }

    [Test]
    public void multiparts_five_thousand_deep_are_not_followed([Values("mixed", "related", "signed")] string subtype)
    {
        var body = new StringBuilder();
        for (var level = 0; level < 5000; level++)
            body.Append($"--b{level}\r\nContent-Type: multipart/{subtype}; boundary=b{level + 1}\r\n\r\n");
        var read = Read($"multipart/{subtype}; boundary=b0", Encoding.ASCII.GetBytes(body.ToString()));
        Assert.That(read.Trace.Fault!.Disposition, Is.EqualTo(Disposition.UnexpectedProcessingError));
        Assert.That(read.Trace.Layers, Has.Count.LessThanOrEqualTo(LayerLimits.Default.MaxDepth));
    }

    [Test]
    public void a_hundred_thousand_recipients_are_refused()
    {
        var recipients = new AsnWriter(AsnEncodingRules.BER);
        using (recipients.PushSetOf())
        {
            for (var i = 0; i < 100_000; i++)
                recipients.WriteEncodedValue([0xA5, 0x02, 0x05, 0x00]);
        }
        var read = Read("application/pkcs7-mime; smime-type=enveloped-data", Enveloped(recipients.Encode()));
        Assert.That(read.Trace.Fault!.Disposition, Is.EqualTo(Disposition.DecryptionFailed));
    }

    [Test]
    public void recipients_beyond_the_limit_are_refused_although_one_of_them_is_ours()
    {
        var many = LayerWriting.Options(new SecurityAgreement { Sign = false }, [.. Enumerable.Repeat(LayerWriting.Bob, LayerLimits.Default.MaxRecipients + 1)]);
        var fault = LayerWriting.Of(many, "UNB"u8.ToArray()).Read().Trace.Fault!;
        Assert.That(fault.Disposition, Is.EqualTo(Disposition.DecryptionFailed));
        Assert.That(fault.Diagnosis, Does.Contain("More than 50 recipients"));
    }

    [Test]
    public void a_header_of_ten_megabytes_inside_a_layer_is_refused()
    {
        byte[] entity = [.. "X: "u8, .. Enumerable.Repeat((byte)'a', 10 << 20)];
        var written = Compressed([.. entity, .. "\r\n\r\nUNB"u8]);
        Assert.That(Read("application/pkcs7-mime; smime-type=compressed-data", written).Trace.Fault, Is.Not.Null);
    }

    [Test]
    public void a_thousand_attachments_are_refused()
    {
        var body = string.Concat(Enumerable.Repeat("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", 1000)) + "--b--\r\n";
        Assert.That(Read("multipart/related; boundary=b", Encoding.ASCII.GetBytes(body)).Trace.Fault!.Disposition, Is.EqualTo(Disposition.UnexpectedProcessingError));
    }

    [Test]
    public void lengths_beyond_every_memory_are_refused_or_end_with_the_body(
        [Values("3084FFFFFFFF", "308800FFFFFFFFFFFFFF", "3088FFFFFFFFFFFFFFFF", "30FF", "3080", "30807F")] string hex)
        => Assert.That(Read("application/pkcs7-mime; smime-type=enveloped-data", Convert.FromHexString(hex)).Trace.Fault!.Disposition, Is.EqualTo(Disposition.DecryptionFailed));

    [Test]
    public void structures_nested_without_end_are_refused()
    {
        var body = Enumerable.Repeat<byte[]>([0x30, 0x80], 200_000).SelectMany(b => b).ToArray();
        Assert.That(Read("application/pkcs7-mime", body).Trace.Fault, Is.Not.Null);
    }

    private static LayerReading Read(string type, byte[] body)
        => LayerReading.Of(new HeaderFields { { "Content-Type", type } }, body, LayerReading.Options(LayerWriting.Bob, LayerWriting.Alice), PushManner.Of(64 << 10));

    private static byte[] Compressed(byte[] entity)
        => new Org.BouncyCastle.Cms.CmsCompressedDataGenerator()
            .Generate(new Org.BouncyCastle.Cms.CmsProcessableByteArray(entity), Org.BouncyCastle.Cms.CmsCompressedDataGenerator.ZLib).GetEncoded();

    private static byte[] Enveloped(byte[] recipients)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.113549.1.7.3");
            using var explicit0 = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
            using var enveloped = writer.PushSequence();
            writer.WriteInteger(0);
            writer.WriteEncodedValue(recipients);
        }
        return writer.Encode();
    }
}
