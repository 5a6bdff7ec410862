using System.Formats.Asn1;

namespace As2.Layers;

/// <summary>
/// SignedData that carries its content (RFC 8551 §3.5.2): not AS2's form, so the trace says so and policy decides. The content is
/// taken off as it streams past; the rest is put together again as the detached signature that it amounts to.
/// </summary>
internal sealed class OpaqueSignedDataReader : CmsContent
{
    private const int DigestAlgorithms = 0x31;

    private readonly LayerWalk _walk;
    private readonly Layer _record;
    private readonly HeldStage _inner;
    private readonly List<byte[]> _before = [];
    private readonly List<byte[]> _after = [];
    private byte[] _contentType = [];
    private SignedContent? _content;

    public OpaqueSignedDataReader(LayerWalk walk)
    {
        _walk = walk;
        _record = walk.Enter(LayerKind.SignedData);
        _record.IsOpaque = true;
        _inner = new HeldStage(_record, new EntityReader(walk));
    }

    public override ProtocolFault Broken(string diagnosis, Exception? inner = null) => Faults.Structure("RFC 5652 §5.1", diagnosis);

    public override void Take(int tag, ReadOnlyMemory<byte> element, bool isEncapsulated)
    {
        if (isEncapsulated)
            _contentType = element.ToArray();
        else
            (_content is null ? _before : _after).Add(element.ToArray());
    }

    public override void BeginContent()
    {
        List<DigestAlgorithm> algorithms = [.. Declared(), .. _walk.Options.MicDigests];
        _content = new SignedContent(() => algorithms);
    }

    public override void Push(ReadOnlySpan<byte> octets)
    {
        _content!.Append(octets);
        _inner.Push(octets);
    }

    public override void Complete()
    {
        _inner.Complete();
        new SignatureJudge(_walk, _record, _content!).Judge(Detached());
        if (_inner.Fault is not null)
            throw _inner.Fault;
    }

    public override void Dispose()
    {
        _inner.Dispose();
        _content?.Dispose();
    }

    private List<DigestAlgorithm> Declared()
    {
        var declared = new List<DigestAlgorithm>(1);
        try
        {
            var set = new BerReader(_before.Find(e => e[0] == DigestAlgorithms)).ReadSetOf();
            while (set.HasData && declared.Count < _walk.Limits.MaxSigners)
            {
                if (DigestAlgorithm.FromOid(set.ReadSequence().ReadObjectIdentifier()) is { } algorithm)
                    declared.Add(algorithm);
            }
        }
        catch (AsnContentException malformed)
        {
            throw Broken("The digest algorithms cannot be read.", malformed);
        }
        return declared;
    }

    /// <summary>The same SignedData without its content.</summary>
    private byte[] Detached()
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(CmsOids.SignedData);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
            {
                _before.ForEach(e => writer.WriteEncodedValue(e));
                using (writer.PushSequence())
                    writer.WriteEncodedValue(_contentType);
                _after.ForEach(e => writer.WriteEncodedValue(e));
            }
        }
        return writer.Encode();
    }
}
