using System.Text;
using As2.Agreements;
using As2.Layers;
using As2.Payloads;
using As2.Testing;
using CsCheck;

namespace As2.Core.Tests.Layers;

/// <summary>What we write, we read: every permutation of RFC 4130 §2.4.2 with and without compression, in every manner of arriving.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class LayerRoundTripTests
{
    private static readonly byte[] s_order = Encoding.ASCII.GetBytes(string.Join("'\r\n", Enumerable.Range(1, 40).Select(i => $"LIN+{i}++4711{i}:EN")) + "'\r\n");

    private static IEnumerable<SecurityAgreement> Permutations =>
        from sign in (bool[])[false, true]
        from encrypt in (bool[])[false, true]
        from compression in Enum.GetValues<Compression>()
        select new SecurityAgreement { Sign = sign, Encrypt = encrypt, Compression = compression };

    private static IEnumerable<TestCaseData> Cases =>
        from security in Permutations
        from manner in PushManner.All
        select new TestCaseData(security, manner).SetArgDisplayNames(Name(security), manner.Name);

    [TestCaseSource(nameof(Cases))]
    [Rfc("4130", "2.4.2")]
    [Rfc("5402", "3")]
    public void every_permutation_gives_back_the_payload_and_the_mic(SecurityAgreement security, PushManner manner)
    {
        var written = LayerWriting.Of(security, s_order, manner);
        var read = written.Read(manner);
        Assert.That(read.Trace.Fault, Is.Null);
        Assert.That(read.Payload, Is.EqualTo(s_order));
        Assert.That(read.Payloads[0].Header.FileName, Is.EqualTo("order.edi"));
        Assert.That(read.Payloads[0].Header.ContentType, Is.EqualTo("application/edifact"));
        Assert.That(read.Trace.Mics[0], Is.EqualTo(written.Entity.Mics[0]));
        Assert.That(read.Trace.IsSigned, Is.EqualTo(security.Sign));
        Assert.That(read.Trace.IsEncrypted, Is.EqualTo(security.Encrypt));
        Assert.That(read.Trace.IsCompressed, Is.EqualTo(security.Compression != Compression.None));
    }

    [TestCaseSource(nameof(Permutations))]
    [Rfc("4130", "7.3.1")]
    [Rfc("5402", "4.1")]
    [Rfc("5402", "4.2")]
    [Rfc("5402", "4.3")]
    public void the_scope_of_the_mic_follows_from_what_was_seen(SecurityAgreement security)
    {
        var trace = LayerWriting.Of(security, s_order).Read().Trace;
        var expected = security.Sign ? MicScope.SignedPart
            : security.Encrypt || security.Compression != Compression.None ? MicScope.InnerEntity : MicScope.BareContent;
        Assert.That(trace.Scope, Is.EqualTo(expected));
    }

    [Rfc("8551", "3.1")]
    [Test]
    [Rfc("4130", "2.4.1")]
    public void any_payload_in_any_chunks_comes_back()
    {
        var permutations = Gen.Int[0, 11].Select(i => Permutations.ElementAt(i));
        Gen.Select(permutations, Gen.Byte.Array[0, 5000], Gen.Int[1, 3000]).Sample((security, payload, chunk) =>
        {
            var read = LayerWriting.Of(security, payload, PushManner.Of(chunk)).Read(PushManner.Of(1 + (chunk * 7 % 1000)));
            return read.Trace.Fault is null && read.Payload.AsSpan().SequenceEqual(payload);
        }, iter: 200, threads: 1);
    }

    [Rfc("5652", "6.3")]
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(15)]
    [TestCase(16)]
    [TestCase(32 * 1024)]
    [TestCase(64 * 1024)]
    [TestCase((1 << 20) - 200)]
    [TestCase(1 << 20)]
    [TestCase((3 << 20) + 7)]
    public void sizes_around_every_buffer_come_back(int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        foreach (var security in Permutations)
        {
            var read = LayerWriting.Of(security, payload, PushManner.Of(70_000)).Read(PushManner.Of(50_001));
            Assert.That(read.Trace.Fault, Is.Null, Name(security));
            Assert.That(read.Payload.AsSpan().SequenceEqual(payload), Name(security));
        }
    }

    [Test]
    public void every_cipher_that_we_send_comes_back()
    {
        foreach (var cipher in ContentCipher.Sendable)
        {
            foreach (var length in (int[])[0, 1000, 2_500_000])
            {
                var read = LayerWriting.Of(new SecurityAgreement { Cipher = cipher, Compression = Compression.None }, new byte[length], PushManner.Of(65_536)).Read(PushManner.Of(40_000));
                Assert.That(read.Trace.Fault, Is.Null, cipher.Name);
                Assert.That(read.Trace.Layers[0].Cipher, Is.EqualTo(cipher));
                Assert.That(read.Payload, Has.Length.EqualTo(length));
            }
        }
    }

    [TestCase(KeyTransport.RsaPkcs1)]
    [TestCase(KeyTransport.RsaOaepSha1)]
    [TestCase(KeyTransport.RsaOaepSha256)]
    [TestCase(KeyTransport.RsaOaepSha384)]
    [TestCase(KeyTransport.RsaOaepSha512)]
    public void every_key_transport_comes_back(KeyTransport transport)
        => Assert.That(LayerWriting.Of(new SecurityAgreement { KeyTransport = transport }, s_order).Read().Payload, Is.EqualTo(s_order));

    [Test]
    [Rfc("6362", "2.1")]
    [Rfc("6362", "2.3")]
    public void attachments_come_back_each_with_its_name([ValueSource(nameof(Permutations))] SecurityAgreement security)
    {
        var pdf = new PayloadHeader { ContentType = "application/pdf", FileName = "Größe.pdf", ContentId = "two@here" };
        var written = LayerWriting.OfMany(LayerWriting.Options(security) with { Quirks = new HashSet<PartnerQuirk> { PartnerQuirk.Rfc2231FileName } }, (LayerWriting.Order, s_order), (pdf, [1, 2, 13, 10]));
        var read = written.Read(PushManner.ByByte);
        Assert.That(read.Trace.Fault, Is.Null);
        Assert.That(read.Payloads.Select(p => p.Octets), Is.EqualTo(new[] { s_order, [1, 2, 13, 10] }));
        Assert.That(read.Payloads[1].Header, Is.EqualTo(pdf));
        Assert.That(read.Trace.Mics[0], Is.EqualTo(written.Entity.Mics[0]));
    }

    [Rfc("4130", "5.2.1")]
    [Test]
    public void base64_is_undone_for_delivery_and_stays_in_the_mic()
    {
        var written = LayerWriting.Of(new SecurityAgreement { PayloadEncoding = ContentTransferEncoding.Base64 }, s_order);
        var read = written.Read(PushManner.ByLine);
        Assert.That(read.Payload, Is.EqualTo(s_order));
        Assert.That(read.Trace.Mics[0], Is.EqualTo(written.Entity.Mics[0]));
    }

    [Test]
    public void each_of_several_recipients_opens_it()
    {
        var ec = TestKeys.Ec("carol");
        var written = LayerWriting.Of(LayerWriting.Options(new SecurityAgreement(), LayerWriting.Bob, ec, LayerWriting.Alice), s_order);
        foreach (var key in new[] { LayerWriting.Bob, ec, LayerWriting.Alice })
            Assert.That(written.Read(opens: key).Payload, Is.EqualTo(s_order), key.ToString());
    }

    [Test]
    public void a_missing_key_is_said_before_anything_is_written()
    {
        var options = LayerWriting.Options(new SecurityAgreement());
        Assert.That(() => LayerWriting.Of(options with { Signer = null }, s_order), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-CERT-011"));
        Assert.That(() => LayerWriting.Of(options with { Recipients = [] }, s_order), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-CERT-012"));
        Assert.That(() => LayerWriting.Of(options with { Security = new SecurityAgreement { Cipher = ContentCipher.Rc2Cbc } }, s_order), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-CERT-014"));
    }

    private static string Name(SecurityAgreement security)
        => $"{(security.Sign ? "S" : "-")}{(security.Encrypt ? "E" : "-")} {security.Compression}";
}
