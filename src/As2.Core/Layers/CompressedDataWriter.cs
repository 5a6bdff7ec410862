using System.Formats.Asn1;
using As2.Agreements;

namespace As2.Layers;

/// <summary>Compresses an entity into CompressedData (RFC 3274) as it streams past.</summary>
internal sealed class CompressedDataWriter : OctetStage
{
    private readonly CmsContentWriter _cms;
    private readonly ZlibWriter _zlib;

    public CompressedDataWriter(IOctetSink output, SecurityAgreement security)
    {
        _cms = new CmsContentWriter(output, s_frame, security.CmsEncoding);
        _zlib = new ZlibWriter(security.CompressionLevel, _cms);
    }

    private static readonly CmsFrame s_frame = CreateFrame();

    public override void Push(ReadOnlySpan<byte> octets) => _zlib.Append(octets);

    public override void Complete()
    {
        _zlib.Complete();
        _cms.Complete([]);
    }

    public override void Dispose()
    {
        _zlib.Dispose();
        _cms.Dispose();
    }

    private static CmsFrame CreateFrame()
    {
        var head = new AsnWriter(AsnEncodingRules.DER);
        head.WriteInteger(0);
        using (head.PushSequence())
            head.WriteObjectIdentifier(CmsOids.Zlib);
        var encapsulated = new AsnWriter(AsnEncodingRules.DER);
        encapsulated.WriteObjectIdentifier(CmsOids.Data);
        return new CmsFrame(CmsOids.CompressedData, head.Encode(), encapsulated.Encode(), IsExplicit: true);
    }
}
