using System.Formats.Asn1;
using System.Security.Cryptography;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Testing;

namespace As2.Core.Tests.Layers;

/// <summary>Authenticated encryption that our own writer would never make: other tag lengths, authenticated attributes, CCM.</summary>
public sealed class AuthenticatedCipherTests
{
    private static readonly byte[] s_entity = "Content-Type: text/plain\r\n\r\nUNB+UNOA:1'"u8.ToArray();

    [TestCase(12, true)]
    [TestCase(13, false)]
    [TestCase(14, false)]
    [TestCase(15, false)]
    [TestCase(16, false)]
    [Rfc("5084", "3.2")]
    public void every_allowed_tag_length_is_read_and_twelve_is_what_absence_means(int length, bool absent)
    {
        Assert.That(Read(Write(length)).Trace.Fault, Is.Null);
        if (absent)
            Assert.That(Read(Write(length, withLength: false)).Trace.Fault, Is.Null);
    }

    [TestCase(4)]
    [TestCase(8)]
    [TestCase(11)]
    [TestCase(17)]
    [Rfc("5084", "3.2")]
    public void any_other_tag_length_is_refused(int length)
        => Assert.That(Read(Write(12, said: length)).Trace.Fault!.Disposition, Is.EqualTo(Disposition.DecryptionFailed));

    [Test]
    [Rfc("5084", "3.2")]
    public void a_tag_shorter_than_said_is_refused()
        => Assert.That(Read(Write(12, said: 16)).Trace.Fault!.Disposition, Is.EqualTo(Disposition.DecryptionFailed));

    [Test]
    [Rfc("5083", "2.2")]
    public void attributes_are_covered_by_the_tag()
    {
        byte[] attributes = [0xA1, 0x0F, 0x30, 0x0D, 0x06, 0x07, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x31, 0x02, 0x05, 0x00];
        var whole = Write(16, attributes: attributes);
        var at = whole.AsSpan().IndexOf(attributes);
        Assert.That(Read(whole).Trace.Fault, Is.Null);
        foreach (var offset in new[] { 4, 12, 15 })
        {
            var damaged = whole.ToArray();
            damaged[at + offset] ^= 1;
            Assert.That(Read(damaged).Trace.Fault!.Disposition, Is.EqualTo(Disposition.DecryptionFailed), $"octet {offset}");
        }
    }

    [TestCase(16, 8, false)]
    [TestCase(16, 8, true)]
    [TestCase(12, 13, false)]
    [TestCase(14, 7, true)]
    [Rfc("5084", "3.1")]
    public void ccm_is_read_in_either_structure_and_every_damaged_octet_of_it_is_refused(int tagLength, int nonceLength, bool enveloped)
    {
        var whole = WriteCcm(tagLength, nonceLength, enveloped);
        var read = Read(whole);
        Assert.That(read.Trace.Fault, Is.Null);
        Assert.That(read.Payload, Is.EqualTo(s_entity[28..]));
        Assert.That(read.Trace.Layers[0].Cipher, Is.EqualTo(ContentCipher.Aes128Ccm));
        for (var at = 1; at <= s_entity.Length + tagLength; at++)
        {
            var damaged = whole.ToArray();
            damaged[^at] ^= 1;
            Assert.That(Read(damaged).Trace.Fault?.Disposition, Is.EqualTo(Disposition.DecryptionFailed), $"octet {at} from the end");
        }
    }

    [TestCase(16, 6)]
    [TestCase(16, 14)]
    [TestCase(8, 12)]
    [Rfc("5084", "3.1")]
    public void other_parameters_of_ccm_are_refused(int tagLength, int nonceLength)
        => Assert.That(Read(WriteCcm(16, 12, false, said: (tagLength, nonceLength))).Trace.Fault!.Disposition, Is.EqualTo(Disposition.DecryptionFailed));

    [Test]
    public void ccm_content_beyond_its_bound_is_refused()
        => Assert.That(Read(WriteCcm(16, 8, true, entity: new byte[(4 << 20) + 1])).Trace.Fault!.Disposition, Is.EqualTo(Disposition.DecryptionFailed));

    private static LayerReading Read(byte[] body)
        => LayerReading.Of(new HeaderFields { { "Content-Type", "application/pkcs7-mime; smime-type=authEnveloped-data" } }, body, LayerReading.Options(opens: LayerWriting.Bob));

    private static byte[] Write(int tagLength, int? said = null, bool withLength = true, byte[]? attributes = null)
    {
        var (key, nonce, mac) = (RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(12), new byte[tagLength]);
        var ciphertext = new byte[s_entity.Length];
        byte[] associated = attributes is null ? [] : [0x31, .. attributes[1..]];
        using (var gcm = new AesGcm(key, tagLength))
            gcm.Encrypt(nonce, s_entity, ciphertext, mac, associated);
        return WriteStructure("1.2.840.113549.1.9.16.1.23", key, writer =>
        {
            WriteContent(writer, ContentCipher.Aes128Gcm, nonce, withLength ? said ?? tagLength : null, ciphertext);
            if (attributes is not null)
                writer.WriteEncodedValue(attributes);
            writer.WriteOctetString(mac);
        });
    }

    /// <summary>As BouncyCastle for Java writes it: the tag behind the ciphertext of an EnvelopedData; or as RFC 5083 says.</summary>
    private static byte[] WriteCcm(int tagLength, int nonceLength, bool enveloped, (int Tag, int Nonce)? said = null, byte[]? entity = null)
    {
        entity ??= s_entity;
        var (key, nonce, mac) = (RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(nonceLength), new byte[tagLength]);
        var ciphertext = new byte[entity.Length];
        using (var ccm = new AesCcm(key))
            ccm.Encrypt(nonce, entity, ciphertext, mac);
        return WriteStructure(enveloped ? "1.2.840.113549.1.7.3" : "1.2.840.113549.1.9.16.1.23", key, writer =>
        {
            WriteContent(writer, ContentCipher.Aes128Ccm, said is null ? nonce : new byte[said.Value.Nonce], said?.Tag ?? tagLength, enveloped ? [.. ciphertext, .. mac] : ciphertext);
            if (!enveloped)
                writer.WriteOctetString(mac);
        });
    }

    private static byte[] WriteStructure(string type, byte[] key, Action<AsnWriter> writeContent)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using var explicit0 = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
            using var structure = writer.PushSequence();
            writer.WriteInteger(0);
            using (writer.PushSetOf())
                WriteRecipient(writer, key);
            writeContent(writer);
        }
        return writer.Encode();
    }

    private static void WriteRecipient(AsnWriter writer, byte[] key)
    {
        using var recipient = writer.PushSequence();
        writer.WriteInteger(0);
        writer.WriteEncodedValue(LayerWriting.Bob.IssuerAndSerialNumber.ToArray());
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.113549.1.1.1");
            writer.WriteNull();
        }
        writer.WriteOctetString(LayerWriting.Bob.RsaPublicKey!.Encrypt(key, RSAEncryptionPadding.Pkcs1));
    }

    private static void WriteContent(AsnWriter writer, ContentCipher cipher, byte[] nonce, int? tagLength, byte[] ciphertext)
    {
        using var content = writer.PushSequence();
        writer.WriteObjectIdentifier("1.2.840.113549.1.7.1");
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(cipher.Oid);
            using var parameters = writer.PushSequence();
            writer.WriteOctetString(nonce);
            if (tagLength is { } length)
                writer.WriteInteger(length);
        }
        writer.WriteOctetString(ciphertext, new Asn1Tag(TagClass.ContextSpecific, 0));
    }
}
