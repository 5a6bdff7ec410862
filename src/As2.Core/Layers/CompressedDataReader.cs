using System.Formats.Asn1;

namespace As2.Layers;

/// <summary>CompressedData (RFC 3274): zlib, inflated as it streams past, bounded in size and in ratio.</summary>
internal sealed class CompressedDataReader : CmsContent
{
    private const int AlgorithmIdentifier = 0x30;

    private readonly Layer _record;
    private readonly HeldStage _inner;
    private readonly Inflater _inflater;
    private string? _algorithm;

    public CompressedDataReader(LayerWalk walk)
    {
        _record = walk.Enter(LayerKind.CompressedData);
        _record.Algorithm = "zlib";
        _inner = new HeldStage(_record, new EntityReader(walk));
        _inflater = new Inflater(walk.Limits, _inner);
    }

    public override int EncapsulationIndex => 1;

    public override ProtocolFault Broken(string diagnosis, Exception? inner = null) => Faults.Decompression(diagnosis, inner);

    public override void Take(int tag, ReadOnlyMemory<byte> element, bool isEncapsulated)
    {
        if (isEncapsulated || tag != AlgorithmIdentifier || _algorithm is not null)
            return;
        try
        {
            _algorithm = new BerReader(element).ReadSequence().ReadObjectIdentifier();
        }
        catch (AsnContentException malformed)
        {
            throw Faults.Decompression("The compression algorithm cannot be read.", malformed);
        }
    }

    public override void BeginContent()
    {
        if (_algorithm != CmsOids.Zlib)
            throw Faults.Decompression($"The compression algorithm {_algorithm ?? "is missing"}; only zlib is defined (RFC 3274 §2).");
    }

    public override void Push(ReadOnlySpan<byte> octets) => _inflater.Push(octets);

    public override void Complete()
    {
        _inflater.Complete();
        _inner.Complete();
        if (_inner.Fault is not null)
            throw _inner.Fault;
    }

    public override void Dispose()
    {
        _inflater.Dispose();
        _inner.Dispose();
    }
}
