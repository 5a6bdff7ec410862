using As2.Mime;

namespace As2.Layers;

/// <summary>
/// The body of an entity that says nothing about itself, or only that it is octets: a layer where it begins as a CMS structure (RFC
/// 5652 §3) of a kind that AS2 uses, else content.
/// </summary>
internal sealed class UnlabelledReader(LayerWalk walk, EntityHeaders headers, byte[] headerOctets) : OctetStage
{
    /// <summary>Enough for the length of a ContentInfo and the longest object identifier of a layer.</summary>
    private const int SniffLength = 32;

    private readonly PooledBuffer _first = new();
    private OctetStage? _next;

    public override void Push(ReadOnlySpan<byte> octets)
    {
        if (_next is not null)
        {
            _next.Push(octets);
            return;
        }
        _first.Append(octets);
        if (_first.Length >= SniffLength)
            Open();
    }

    public override void Complete()
    {
        if (_next is null)
            Open();
        _next!.Complete();
    }

    public override void Dispose()
    {
        _first.Dispose();
        _next?.Dispose();
    }

    private void Open()
    {
        _next = CmsContentTypes.IsLayer(_first.Span) ? new ContentInfoSniffer(walk, headers) : walk.OpenContent(headers, headerOctets);
        _next.Push(_first.Span);
        _first.Clear();
    }
}
