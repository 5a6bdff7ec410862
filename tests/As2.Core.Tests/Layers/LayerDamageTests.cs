using System.Text;
using As2.Agreements;
using As2.Certificates;
using As2.Layers;
using As2.Payloads;
using As2.Receipts;
using As2.Testing;

namespace As2.Core.Tests.Layers;

/// <summary>A message that was cut or altered anywhere ends in a disposition, never in an exception, and never in another payload.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class LayerDamageTests
{
    private static readonly byte[] s_payload = Encoding.ASCII.GetBytes("UNB+UNOA:1+A+B+261123:1200+1'UNZ+0+1'");

    private static readonly Disposition[] s_defined =
    [
        Disposition.DecryptionFailed, Disposition.DecompressionFailed, Disposition.AuthenticationFailed,
        Disposition.IntegrityCheckFailed, Disposition.UnexpectedProcessingError,
    ];

    // Without the certificate inside: it is covered by nothing, and decides nothing.
    private static IEnumerable<SecurityAgreement> Kinds => KindsWithCertificate.Select(k => k with { EmbeddedCertificates = EmbeddedCertificates.None });

    private static IEnumerable<SecurityAgreement> KindsWithCertificate =>
    [
        new() { Sign = false, Encrypt = false },
        new() { Encrypt = false },
        new() { Sign = false },
        new(),
        new() { Cipher = ContentCipher.Aes128Gcm },
        new() { Sign = false, Cipher = ContentCipher.Aes256Gcm },
        new() { Sign = false, Encrypt = false, Compression = Compression.BeforeSigning },
        new() { Encrypt = false, Compression = Compression.BeforeSigning },
        new() { Compression = Compression.AfterSigning },
    ];

    [Rfc("4130", "7.5.4")]
    [TestCaseSource(nameof(Kinds))]
    public void every_truncation_ends_in_a_defined_disposition(SecurityAgreement security)
    {
        var whole = Write(security);
        for (var length = 0; length < whole.Body.Length; length++)
        {
            var read = Read(whole with { Body = whole.Body[..length] });
            if (read.Trace.Fault is { } fault)
                Assert.That(s_defined, Does.Contain(fault.Disposition), $"{length} of {whole.Body.Length}");
            else if (security.Sign || security.Encrypt || security.Compression != Compression.None)
                Assert.That(read.Payload.SequenceEqual(s_payload) && whole.Body.Length - length <= 2, $"{length} of {whole.Body.Length}");
        }
        TestContext.Out.WriteLine($"{whole.Body.Length} truncations");
    }

    [TestCaseSource(nameof(Kinds))]
    [Rfc("3218", "2.3")]
    [Rfc("8017", "7.2.2")]
    public void every_flipped_bit_ends_in_a_defined_disposition_and_in_one_where_it_was_encrypted(SecurityAgreement security)
    {
        var whole = Write(security);
        var (refused, authentic, unproven) = (0, 0, 0);
        foreach (var (octet, bit) in Bits(whole.Body.Length))
        {
            var read = Read(Flip(whole, octet, bit));
            var isAuthentic = read.Trace.Fault is null && (read.Trace.IsSigned || read.Trace.Layers is [{ Kind: LayerKind.AuthEnvelopedData }, ..]);
            if (read.Trace.Fault is { } fault)
                Assert.That(security.Encrypt ? [Disposition.DecryptionFailed] : s_defined, Does.Contain(fault.Disposition), $"octet {octet} bit {bit}: {fault.Diagnosis}");
            else if (isAuthentic)
                Assert.That(read.Payload.SequenceEqual(s_payload), $"octet {octet} bit {bit}");
            (refused, authentic, unproven) = (
                refused + (read.Trace.Fault is null ? 0 : 1), authentic + (isAuthentic ? 1 : 0), unproven + (read.Trace.Fault is null && !isAuthentic ? 1 : 0));
        }
        TestContext.Out.WriteLine($"{whole.Body.Length * 8} flipped bits: {refused} refused, {authentic} authentic with their content whole, {unproven} claiming no proof");
        Assert.That(refused, Is.Positive.Or.EqualTo(security is { Sign: false, Encrypt: false, Compression: Compression.None } ? 0 : -1));
    }

    /// <summary>RSA opens a message a hundred times slower than ECDH: one bit of each octet here, all eight with AS2_ALL_BITS=1 (eng/bits.sh).</summary>
    [TestCase(KeyTransport.RsaPkcs1)]
    [TestCase(KeyTransport.RsaOaepSha256)]
    [Rfc("3218", "2.3")]
    public void flipped_bits_of_a_message_under_rsa_end_in_one_disposition(KeyTransport transport)
    {
        var whole = LayerWriting.Of(LayerWriting.Options(new() { KeyTransport = transport, EmbeddedCertificates = EmbeddedCertificates.None }) with { Signer = Signer }, s_payload);
        var options = LayerReading.Options(LayerWriting.Bob, TestKeys.PublicOf(Signer));
        var refused = 0;
        foreach (var (octet, bit) in SomeBits(whole.Body.Length))
        {
            var damaged = Flip(whole, octet, bit);
            var read = LayerReading.Of(damaged.Headers, damaged.Body, options);
            refused += read.Trace.Fault is null ? 0 : 1;
            if (read.Trace.Fault is { } fault)
                Assert.That(fault.Disposition, Is.EqualTo(Disposition.DecryptionFailed), $"octet {octet} bit {bit}: {fault.Diagnosis}");
            else if (read.Trace.IsSigned)
                Assert.That(read.Payload.SequenceEqual(s_payload), $"octet {octet} bit {bit}");
        }
        TestContext.Out.WriteLine($"{SomeBits(whole.Body.Length).Count()} flipped bits of {whole.Body.Length} octets under {transport}: {refused} refused");
        Assert.That(refused, Is.GreaterThan(whole.Body.Length / 2));
    }

    /// <summary>The first parameter of OAEP, [0], under a tag of the universal class: what the platform's decoder takes for a mistake of its caller.</summary>
    [TestCase(0x20)]
    [TestCase(0x24)]
    [TestCase(0x31)]
    [Rfc("3218", "2.3")]
    public void oaep_parameters_under_a_universal_tag_are_the_senders_fault(byte tag)
    {
        byte[] oaep = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x07, 0x30];
        var whole = LayerWriting.Of(LayerWriting.Options(new() { KeyTransport = KeyTransport.RsaOaepSha256 }) with { Signer = Signer }, s_payload);
        var body = whole.Body.ToArray();
        var at = body.AsSpan().IndexOf(oaep) + oaep.Length + 1;
        Assert.That(body[at], Is.EqualTo(0xA0));
        body[at] = tag;
        var read = LayerReading.Of(whole.Headers, body, LayerReading.Options(LayerWriting.Bob, TestKeys.PublicOf(Signer)));
        Assert.That(read.Trace.Fault?.Disposition, Is.EqualTo(Disposition.DecryptionFailed));
    }

    [TestCase(false)]
    [TestCase(true)]
    [Rfc("6362", "2.3")]
    public void attachments_with_a_flipped_bit_arrive_all_or_not_at_all(bool encrypt)
    {
        var options = LayerWriting.Options(new() { Encrypt = encrypt, EmbeddedCertificates = EmbeddedCertificates.None }, Recipient) with { Signer = Signer };
        var second = new PayloadHeader { ContentType = "application/pdf", FileName = "a.pdf", ContentId = "2@here" };
        var whole = LayerWriting.OfMany(options, (LayerWriting.Order, s_payload), (second, [1, 2, 3]));
        var refused = 0;
        foreach (var (octet, bit) in SomeBits(whole.Body.Length))
        {
            var read = Read(Flip(whole, octet, bit));
            refused += read.Trace.Fault is null ? 0 : 1;
            if (read.Trace.Fault is { } fault)
                Assert.That(encrypt ? [Disposition.DecryptionFailed] : s_defined, Does.Contain(fault.Disposition), $"octet {octet} bit {bit}: {fault.Diagnosis}");
            else if (read.Trace.IsSigned)
                Assert.That(read.Payloads.Select(p => p.Octets), Is.EqualTo(new[] { s_payload, [1, 2, 3] }), $"octet {octet} bit {bit}");
        }
        Assert.That(refused, Is.GreaterThan(whole.Body.Length / 3));
    }

    [Rfc("3218", "2.3")]
    [Test]
    public void a_block_behind_the_end_tells_nothing_about_its_padding()
    {
        var whole = LayerWriting.Of(new SecurityAgreement(), s_payload);
        var outcomes = new HashSet<Disposition?>();
        for (var last = 0; last < 256; last += 3)
            outcomes.Add(WithTwoMoreBlocks(whole, (byte)last).Read().Trace.Fault?.Disposition);
        Assert.That(outcomes, Is.EqualTo(new Disposition?[] { Disposition.DecryptionFailed }));
    }

    [Test]
    public void the_wrong_key_is_named_for_our_operator_only()
    {
        var trace = LayerWriting.Of(new SecurityAgreement(), s_payload).Read(opens: LayerWriting.Alice).Trace;
        Assert.That(trace.Fault!.Disposition, Is.EqualTo(Disposition.DecryptionFailed));
        Assert.That(trace.Fault.Diagnosis, Does.Contain("CN=bob").And.Contain("we hold").And.Contain("CN=alice"));
    }

    [Rfc("4130", "8")]
    [Test]
    public void a_stranger_inside_an_encryption_is_told_from_damage()
    {
        var options = LayerWriting.Options(new SecurityAgreement()) with { Signer = TestKeys.Rsa("mallory") };
        var trace = LayerWriting.Of(options, s_payload).Read().Trace;
        Assert.That(trace.Fault!.Disposition, Is.EqualTo(Disposition.AuthenticationFailed));
        Assert.That(trace.IsSigned, Is.False);
    }

    // EC keys where only the form matters: they are quick.
    private static As2Certificate Signer => TestKeys.Ec("damage alice");
    private static As2Certificate Recipient => TestKeys.Ec("damage bob");

    private static LayerWriting Write(SecurityAgreement security)
        => LayerWriting.Of(LayerWriting.Options(security, Recipient) with { Signer = Signer }, s_payload);

    private static LayerReading Read(LayerWriting message)
        => LayerReading.Of(message.Headers, message.Body, LayerReading.Options(Recipient, TestKeys.PublicOf(Signer)));

    private static IEnumerable<(int Octet, int Bit)> Bits(int length)
        => Enumerable.Range(0, length).SelectMany(octet => Enumerable.Range(0, 8), (octet, bit) => (octet, bit));

    /// <summary>One bit of each octet, another one from octet to octet; or every bit.</summary>
    private static IEnumerable<(int Octet, int Bit)> SomeBits(int length)
        => Environment.GetEnvironmentVariable("AS2_ALL_BITS") == "1" ? Bits(length) : Enumerable.Range(0, length).Select(octet => (octet, octet % 8));

    private static LayerWriting Flip(LayerWriting whole, int octet, int bit)
    {
        var body = whole.Body.ToArray();
        body[octet] ^= (byte)(1 << bit);
        return whole with { Body = body };
    }

    /// <summary>The attack of Vaudenay on a signed message: what a receiver says of octets that nothing covers.</summary>
    private static LayerWriting WithTwoMoreBlocks(LayerWriting whole, byte last)
    {
        // The structure is DER of four definite lengths of two octets each, and ends with the ciphertext.
        byte[] body = [.. whole.Body, .. new byte[15], last, .. whole.Body.AsSpan(whole.Body.Length - 16)];
        var content = whole.Body.AsSpan().LastIndexOf(new byte[] { 0x80, 0x82 });
        foreach (var at in new[] { 0, 15, 19, EncapsulationAt(body, content), content })
        {
            var length = (body[at + 2] << 8 | body[at + 3]) + 32;
            (body[at + 2], body[at + 3]) = ((byte)(length >> 8), (byte)length);
        }
        return whole with { Body = body };
    }

    private static int EncapsulationAt(byte[] body, int content) => body.AsSpan(0, content).LastIndexOf(new byte[] { 0x30, 0x82 });
}
