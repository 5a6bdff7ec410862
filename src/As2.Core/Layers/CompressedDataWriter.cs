using System.Formats.Asn1;
using System.IO.Compression;
using As2.Agreements;

namespace As2.Layers;

/// <summary>Compresses an entity into CompressedData (RFC 3274) as it streams past.</summary>
internal sealed class CompressedDataWriter : OctetStage
{
    private readonly CmsContentWriter _cms;
    private readonly ZLibStream _zlib;

    public CompressedDataWriter(IOctetSink output, SecurityAgreement security)
    {
        _cms = new CmsContentWriter(output, s_frame, security.CmsEncoding);
        _zlib = new ZLibStream(new CmsStream(_cms), new ZLibCompressionOptions { CompressionLevel = security.CompressionLevel }, leaveOpen: true);
    }

    private static readonly CmsFrame s_frame = CreateFrame();

    public override void Push(ReadOnlySpan<byte> octets) => _zlib.Write(octets);

    public override void Complete()
    {
        _zlib.Dispose();
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

    /// <summary>Lets the platform's zlib write into the structure.</summary>
    private sealed class CmsStream(CmsContentWriter cms) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => cms.Append(buffer);

        public override void Write(byte[] buffer, int offset, int count) => cms.Append(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
