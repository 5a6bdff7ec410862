using As2.Headers;
using As2.Mime;

namespace As2.Layers;

/// <summary>
/// The MIC of an entity that nobody signs: with its header inside a layer, without it when there is none (RFC 4130 §7.3.1, RFC 5402
/// §4.3). The other of the two follows, since products get it wrong.
/// </summary>
internal sealed class UnsignedMics : IOctetSink, IDisposable
{
    private readonly Digester _withHeader;
    private readonly Digester _bare;
    private readonly bool _hasLayers;
    private readonly IOctetSink _body;
    private IReadOnlyList<MessageIntegrityCheck>? _finished;

    public UnsignedMics(DigestAlgorithm digest, HeaderFields headers, bool hasLayers, IOctetSink body)
    {
        (_withHeader, _bare, _hasLayers, _body) = (new Digester(digest), new Digester(digest), hasLayers, body);
        _withHeader.Append(HeaderWriter.ToOctets(headers));
    }

    public void Push(ReadOnlySpan<byte> octets)
    {
        _withHeader.Append(octets);
        _bare.Append(octets);
        _body.Push(octets);
    }

    public IReadOnlyList<MessageIntegrityCheck> Finish()
    {
        if (_finished is not null)
            return _finished;
        var withHeader = new MessageIntegrityCheck(_withHeader.Algorithm, _withHeader.Finish());
        var bare = new MessageIntegrityCheck(_bare.Algorithm, _bare.Finish());
        return _finished = _hasLayers ? [withHeader, bare] : [bare, withHeader];
    }

    public void Dispose()
    {
        _withHeader.Dispose();
        _bare.Dispose();
    }
}
