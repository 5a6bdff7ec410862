using As2.Mime;

namespace As2.Layers;

/// <summary>Several payloads in one message, multipart/related (RFC 6362). One bad part fails the whole message.</summary>
internal sealed class AttachmentsReader : OctetStage, IPartSink
{
    private readonly LayerWalk _walk;
    private readonly MultipartScanner _scanner;
    private EntityReader? _part;
    private int _count;

    public AttachmentsReader(LayerWalk walk, EntityHeaders headers)
    {
        _walk = walk;
        _scanner = new MultipartScanner(Boundary.Of(headers), this);
    }

    public override void Push(ReadOnlySpan<byte> octets) => _scanner.Push(octets);

    public override void Complete()
    {
        _scanner.Complete();
        if (!_scanner.IsClosed || _count == 0)
            throw Faults.Structure("RFC 2046 §5.1.1", "The multipart has no part, or its closing delimiter is missing.");
    }

    void IPartSink.BeginPart()
    {
        if (++_count > _walk.Limits.MaxAttachments)
            throw Faults.Limit($"More than {_walk.Limits.MaxAttachments} attachments.");
        _part = new EntityReader(_walk, isAttachment: true);
    }

    void IPartSink.PushPart(ReadOnlySpan<byte> octets) => _part!.Push(octets);

    void IPartSink.EndPart()
    {
        _part!.Complete();
        _part.Dispose();
        _part = null;
    }

    public override void Dispose()
    {
        _scanner.Dispose();
        _part?.Dispose();
    }
}
