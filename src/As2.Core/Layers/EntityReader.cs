using As2.Agreements;
using As2.Headers;
using As2.Mime;

namespace As2.Layers;

/// <summary>An entity inside a layer: its header is collected and read, then its body goes to the stage that its type asks for.</summary>
/// <param name="walk">The walk.</param>
/// <param name="isDecrypted">True directly inside an encryption: what has no header is no entity, and so no success.</param>
/// <param name="isAttachment">True for a part of multipart/related: whatever its type, it is a payload.</param>
internal sealed class EntityReader(LayerWalk walk, bool isDecrypted = false, bool isAttachment = false) : OctetStage
{
    private PooledBuffer? _collected;
    private OctetStage? _body;

    public override void Push(ReadOnlySpan<byte> octets)
    {
        if (_body is not null)
        {
            _body.Push(octets);
            return;
        }
        // The header whole at once, as it mostly comes: nothing is collected.
        if (_collected is null && HeaderBlock.FindBody(octets) is >= 0 and var whole && whole <= walk.Limits.MaxHeaderBytes)
        {
            var read = Open(octets[..whole]);
            _body!.Push(octets[read..]);
            return;
        }
        var header = _collected ??= new PooledBuffer();
        var known = header.Length;
        header.Append(octets[..Math.Min(octets.Length, walk.Limits.MaxHeaderBytes + 1 - known)]);
        var length = HeaderBlock.FindBody(header.Span, known);
        if (length < 0 && header.Length <= walk.Limits.MaxHeaderBytes)
            return;
        var afterHeader = octets[(header.Length - known)..];
        OpenCollected(header, length);
        _body!.Push(afterHeader);
    }

    public override void Complete()
    {
        // A header alone, without its blank line, is an entity with an empty body.
        if (_body is null)
            OpenCollected(_collected ??= new PooledBuffer(), _collected.Length);
        _body!.Complete();
    }

    public override void Dispose()
    {
        _collected?.Dispose();
        _body?.Dispose();
    }

    /// <summary>True when a field of MIME is there. "UNB+UNOA:1" has the form of a field too, and is content without a header.</summary>
    private static bool IsMime(HeaderFields fields) => fields["Content-Type"] is not null || fields.Any(f =>
        f.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || f.Key.Equals("MIME-Version", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the header and hands what was collected behind it to the body.</summary>
    /// <param name="collected">From the first octet of the entity.</param>
    /// <param name="length">Of the header; -1 when it has no end.</param>
    private void OpenCollected(PooledBuffer collected, int length)
    {
        var read = length < 0 ? OpenWithoutHeader() : Open(collected.Span[..length]);
        _body!.Push(collected.Span[read..]);
        collected.Clear();
    }

    /// <summary>Reads the header; says how many of its octets it was.</summary>
    private int Open(ReadOnlySpan<byte> header)
    {
        if (!HeaderBlock.TryParse(header, out var fields) || (isDecrypted && !IsMime(fields)))
            return OpenWithoutHeader();
        var headers = new EntityHeaders(fields);
        _body = isAttachment ? walk.OpenPayload(headers) : walk.OpenBody(headers, header);
        return header.Length;
    }

    private int OpenWithoutHeader()
    {
        if (!isDecrypted || !walk.HasQuirk(PartnerQuirk.RawDecryptedContent))
            throw Faults.Structure("RFC 5322 §2.2", "The entity does not begin with a MIME header.");
        _body = walk.OpenBody(new EntityHeaders([]), []);
        return 0;
    }
}
