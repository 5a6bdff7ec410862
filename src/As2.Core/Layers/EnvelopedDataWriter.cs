using System.Formats.Asn1;
using System.Security.Cryptography;
using As2.Certificates;

namespace As2.Layers;

/// <summary>Encrypts an entity into EnvelopedData (RFC 5652 §6), or AuthEnvelopedData (RFC 5083) for ciphers with a tag, as it streams past.</summary>
internal sealed class EnvelopedDataWriter : OctetStage
{
    private readonly PooledBuffer _head = new();
    private readonly CmsContentWriter _cms;
    private readonly ContentEncryptor _encryptor;

    public EnvelopedDataWriter(LayerWriterOptions options, IOctetSink output)
    {
        var cipher = options.Security.Cipher;
        var encryption = ContentEncryption.Create(cipher);
        var key = RandomNumberGenerator.GetBytes(cipher.KeyLength);
        _cms = new CmsContentWriter(output, CreateFrame(options, encryption, key, _head), options.Security.CmsEncoding);
        _encryptor = ContentEncryptor.Create(encryption, key, _cms);
        CryptographicOperations.ZeroMemory(key);
    }

    public override void Push(ReadOnlySpan<byte> octets) => _encryptor.Push(octets);

    public override void Complete()
    {
        var tag = _encryptor.Finish();
        if (tag.Length == 0)
        {
            _cms.Complete([]);
            return;
        }
        using var scratch = DerScratch.Begin(out var writer);
        writer.WriteOctetString(tag);
        _cms.Complete(writer.Encode());
    }

    public override void Dispose()
    {
        _encryptor.Dispose();
        _cms.Dispose();
        _head.Dispose();
    }

    private static CmsFrame CreateFrame(LayerWriterOptions options, ContentEncryption encryption, byte[] key, PooledBuffer head)
    {
        var isAuthenticated = encryption.Cipher.IsAuthenticated;
        var type = isAuthenticated ? CmsOids.AuthEnvelopedData : CmsOids.EnvelopedData;
        WriteHead(options, isAuthenticated, key, head);
        return new CmsFrame(type, head.Memory, Encapsulated(encryption), IsExplicit: false);
    }

    private static void WriteHead(LayerWriterOptions options, bool isAuthenticated, byte[] key, PooledBuffer output)
    {
        using var scratch = DerScratch.Begin(out var head, sorts: options.Recipients.Count > 1);
        // RFC 5652 §6.1: 2 as soon as a recipient is not of version 0. RFC 5083 §2.1: always 0.
        head.WriteInteger(!isAuthenticated && HasEcRecipient(options.Recipients) ? 2 : 0);
        using (head.PushSetOf())
        {
            for (var i = 0; i < options.Recipients.Count; i++)
                RecipientInfoWriter.Write(head, options.Recipients[i], key, options.Security.KeyTransport);
        }
        output.Advance(head.Encode(output.Reserve(head.GetEncodedLength())));
    }

    private static byte[] Encapsulated(ContentEncryption encryption)
    {
        using var scratch = DerScratch.Begin(out var encapsulated);
        encapsulated.WriteObjectIdentifier(CmsOids.Data);
        encryption.Write(encapsulated);
        return encapsulated.Encode();
    }

    private static bool HasEcRecipient(IReadOnlyList<As2Certificate> recipients)
    {
        for (var i = 0; i < recipients.Count; i++)
        {
            if (recipients[i].RsaPublicKey is null)
                return true;
        }
        return false;
    }
}
