using System.Formats.Asn1;
using System.Security.Cryptography;

namespace As2.Layers;

/// <summary>
/// EnvelopedData (RFC 5652 §6) and AuthEnvelopedData (RFC 5083). Nothing about a failure shows before the end: without a key, or
/// with a wrong one, everything is decrypted all the same with a random key, and every such failure is one and the same outcome.
/// </summary>
internal sealed class EnvelopedDataReader : CmsContent
{
    private const int RecipientInfos = 0x31;
    private const int AlgorithmIdentifier = 0x30;
    private const int Mac = 0x04;
    private const int AuthenticatedAttributes = 0xA1;

    private readonly LayerWalk _walk;
    private readonly Layer _record;
    private readonly HeldStage _inner;
    private readonly PooledBuffer _recipientInfos = new();
    private List<RecipientInfo>? _recipients;
    private ContentEncryption? _encryption;
    private ContentDecryptor? _decryptor;
    private ContentKey? _key;
    private byte[] _mac = [];
    private byte[] _attributes = [];

    public EnvelopedDataReader(LayerWalk walk, LayerKind kind)
    {
        _walk = walk;
        _record = walk.Enter(kind);
        _inner = new HeldStage(_record, new EntityReader(walk, isDecrypted: true));
    }

    public override ProtocolFault Broken(string diagnosis, Exception? inner = null) => Faults.Decryption(diagnosis, inner);

    public override void Take(int tag, ReadOnlyMemory<byte> element, bool isEncapsulated)
    {
        try
        {
            if (isEncapsulated && tag == AlgorithmIdentifier)
                _encryption = ContentEncryption.Read(element);
            else if (!isEncapsulated && tag == RecipientInfos)
                _recipients = ReadRecipients(element);
            else if (!isEncapsulated && tag == Mac)
                _mac = AsnDecoder.ReadOctetString(element.Span, AsnEncodingRules.BER, out _);
            else if (!isEncapsulated && tag == AuthenticatedAttributes && _record.Kind == LayerKind.AuthEnvelopedData)
                _attributes = element.ToArray();
        }
        catch (Exception malformed) when (malformed is AsnContentException or CryptographicException)
        {
            throw Faults.Decryption($"The structure around the encrypted content cannot be read: {malformed.Message}", malformed);
        }
    }

    public override void BeginContent()
    {
        if (_recipients is null || _encryption is null)
            throw Faults.Decryption("Recipients or the content-encryption algorithm are missing.");
        _record.Cipher = _encryption.Cipher;
        _record.Recipients = Describe(_recipients);
        _key = ContentKeyFinder.Find(_recipients, _walk.Options.DecryptionKeys, _encryption);
        _record.Transport = _key.Transport;
        _decryptor = ContentDecryptor.Create(_encryption, _key.Octets, _inner, tagFollows: _record.Kind == LayerKind.EnvelopedData);
    }

    public override void Push(ReadOnlySpan<byte> octets) => _decryptor!.Push(octets);

    public override void Complete()
    {
        var isIntact = _decryptor!.Finish(_mac, _attributes);
        _inner.Complete();
        if (_key!.Fault is not null || !isIntact)
            throw Faults.Decryption(_key.Fault ?? "The padding or the tag of the decrypted content is wrong.");
        if (_inner.Fault is not null)
            throw Outcome(_inner.Fault);
    }

    public override void Dispose()
    {
        _inner.Dispose();
        _recipientInfos.Dispose();
        _decryptor?.Dispose();
        _key?.Dispose();
    }

    /// <summary>They are needed when the content begins, and the element is not there any more.</summary>
    private List<RecipientInfo> ReadRecipients(ReadOnlyMemory<byte> element)
    {
        _recipientInfos.Clear();
        _recipientInfos.Append(element.Span);
        return RecipientInfoReader.Read(_recipientInfos.Memory, _walk.Limits);
    }

    private string[] Describe(List<RecipientInfo> recipients)
    {
        var names = new string[recipients.Count];
        for (var i = 0; i < names.Length; i++)
            names[i] = recipients[i].DescribeAmong(_walk.Options.DecryptionKeys);
        return names;
    }

    /// <summary>
    /// Without a tag, damage to the ciphertext shows as a fault inside, and telling one such fault from another would tell about the
    /// plaintext. So it keeps its own disposition only where the content is known to be what was encrypted.
    /// </summary>
    private ProtocolFault Outcome(ProtocolFault fault)
    {
        return _encryption!.Cipher.IsAuthenticated || _walk.IsContentProven ? fault : Faults.Decryption(fault.Message, fault);
    }
}
