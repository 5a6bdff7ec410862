using System.Buffers;
using As2.Mime;

namespace As2.Layers;

/// <summary>
/// Reads a CMS ContentInfo (RFC 5652 §3) while its octets stream past: DER or BER, definite lengths beyond 2^31, indefinite lengths,
/// nested constructed octet strings. Small elements are collected, bounded, and handed over whole to be read by
/// System.Formats.Asn1; the content goes through untouched.
/// </summary>
/// <remarks>
/// Depth 0 holds ContentInfo, 1 its type and [0], 2 the structure, 3 the structure's elements, 4 those of the one among them that
/// encapsulates the content, 5 and deeper the pieces of the content. A collected element of known length is not looked into here.
/// </remarks>
internal sealed class ContentInfoReader(LayerWalk walk, EntityHeaders headers) : OctetStage
{
    private const int Sequence = 0x30;
    private const int Context0 = 0xA0;
    private const int MaxNesting = 32;
    private const int MaxTrailing = 16;

    private readonly Frame[] _frames = ArrayPool<Frame>.Shared.Rent(MaxNesting);
    private readonly PooledBuffer _element = new();
    private BerHeader _header;
    private int _depth;
    private long _position;
    private int _capturedAt = -1;
    private int _sequences;
    private bool _hasContent;
    private bool _isDone;
    private int _trailing;
    private CmsContent? _content;

    public override void Push(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty && !_isDone)
        {
            if (_depth > 0 && !_frames[_depth - 1].IsConstructed)
                TakeContent(ref octets);
            else
                TakeHeader(ref octets);
            while (_depth > 0 && _frames[_depth - 1].End == _position && !_header.IsBegun)
                Close();
        }
        TakeTrailing(octets);
    }

    public override void Complete()
    {
        if (!_isDone || !_hasContent)
            throw Broken(_isDone ? "The CMS structure carries no content." : "The CMS structure ends too early.");
        _content!.Complete();
    }

    public override void Dispose()
    {
        _element.Dispose();
        _content?.Dispose();
        ArrayPool<Frame>.Shared.Return(_frames);
    }

    private void TakeContent(ref ReadOnlySpan<byte> octets)
    {
        ref var frame = ref _frames[_depth - 1];
        var taken = octets[..(int)Math.Min(octets.Length, frame.End - _position)];
        octets = octets[taken.Length..];
        _position += taken.Length;
        if (_capturedAt >= 0)
            Capture(taken);
        else
            _content!.Push(taken);
    }

    private void TakeHeader(ref ReadOnlySpan<byte> octets)
    {
        var octet = octets[0];
        octets = octets[1..];
        _position++;
        try
        {
            if (!_header.Take(octet))
                return;
        }
        catch (FormatException malformed)
        {
            throw Broken(malformed.Message, malformed);
        }
        if (_header.IsEndOfContents)
            CloseIndefinite();
        else
            Open();
        _header = default;
    }

    private void Open()
    {
        if (_depth == MaxNesting)
            throw Broken($"CMS elements nested more than {MaxNesting} deep.");
        if (_header.Length < 0 && !_header.IsConstructed)
            throw Broken("A primitive element of indefinite length.");
        var limit = _depth == 0 ? long.MaxValue : _frames[_depth - 1].Limit;
        var end = _header.Length < 0 ? long.MaxValue : _position + _header.Length;
        if (_position > limit || (_header.Length >= 0 && end > limit))
            throw Broken("An element is longer than the one around it.");
        if (_capturedAt < 0)
            Place();
        if (_capturedAt >= 0)
            CaptureHeader();
        var isLookedInto = _header.IsConstructed && (_capturedAt < 0 || _header.Length < 0);
        _frames[_depth++] = new Frame(end, Math.Min(end, limit), isLookedInto, _header.Tag);
    }

    /// <summary>Decides by its place whether an element is entered, collected, or content.</summary>
    private void Place()
    {
        var tag = _header.Tag;
        var isEntered = _depth switch
        {
            0 => tag == Sequence || Refuse("no SEQUENCE at its start"),
            1 => tag == Context0 && _content is not null,
            2 => tag == Sequence || Refuse("no SEQUENCE in its content"),
            3 => tag == Sequence && _sequences++ == _content!.EncapsulationIndex,
            4 => (tag & ~0x20) == 0x80 && BeginContent(),
            _ => (tag & ~0x20) == 0x04 || Refuse("an element in the content that is no OCTET STRING"),
        };
        if (!isEntered)
            _capturedAt = _depth;
    }

    private bool Refuse(string what) => throw Broken($"The CMS structure has {what}.");

    private bool BeginContent()
    {
        if (_hasContent)
            Refuse("a second content");
        _hasContent = true;
        _content!.BeginContent();
        return true;
    }

    private void CloseIndefinite()
    {
        if (_depth == 0 || _frames[_depth - 1].End != long.MaxValue || _position > _frames[_depth - 1].Limit)
            throw Broken("An end-of-contents that ends nothing.");
        if (_capturedAt >= 0)
            CaptureHeader();
        Close();
    }

    private void Close()
    {
        var tag = _frames[--_depth].Tag;
        _isDone = _depth == 0;
        if (_depth != _capturedAt)
            return;
        _capturedAt = -1;
        if (_depth == 1)
            Identify(tag);
        else
            _content!.Take(tag, _element.Memory, isEncapsulated: _depth == 4);
        _element.Clear();
    }

    private void Identify(int tag)
    {
        if (tag != 0x06 || _content is not null)
            throw Broken("The CMS structure does not begin with its content type.");
        _content = CmsContentTypes.Open(walk, CmsContentTypes.ReadOid(_element.Memory), headers);
    }

    private void CaptureHeader()
    {
        Span<byte> octets = stackalloc byte[16];
        Capture(octets[.._header.CopyTo(octets)]);
    }

    private void Capture(ReadOnlySpan<byte> octets)
    {
        if (_element.Length + octets.Length > walk.Limits.MaxStructureBytes)
            throw Broken($"A CMS element of more than {walk.Limits.MaxStructureBytes} bytes.");
        _element.Append(octets);
    }

    /// <summary>Line ends and NULs after the structure are tolerated, a few of them.</summary>
    private void TakeTrailing(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return;
        _trailing += octets.Length;
        if (_trailing > MaxTrailing || octets.ContainsAnyExcept("\r\n\0"u8))
            throw Broken("Octets follow the CMS structure.");
    }

    private ProtocolFault Broken(string diagnosis, Exception? inner = null)
        => _content?.Broken(diagnosis, inner) ?? CmsContentTypes.Broken(headers, diagnosis, inner);

    /// <param name="End">Position after its content; the largest value while only an end-of-contents can tell.</param>
    /// <param name="Limit">Position that its content cannot pass: its own end or that of an element around it.</param>
    /// <param name="IsConstructed">True when elements follow, not octets or what is taken as such.</param>
    /// <param name="Tag">Its first octet.</param>
    private readonly record struct Frame(long End, long Limit, bool IsConstructed, int Tag);
}
