using As2.Headers;
using As2.Mime;

namespace As2.Layers;

/// <summary>
/// The MIC of an entity that nobody signs: with its header inside a layer, without it when there is none (RFC 4130 §7.3.1, RFC 5402
/// §4.3). The other of the two follows, since products get it wrong.
/// </summary>
internal sealed class UnsignedMics : IOctetSink, IDisposable
{
    private readonly List<(Digester WithHeader, Digester Bare)> _digesters;
    private readonly bool _hasLayers;
    private readonly IOctetSink _body;
    private IReadOnlyList<MessageIntegrityCheck>? _finished;

    /// <param name="agreed">The digest of the agreement; SHA-1 is taken too, the rule where a request names none (RFC 4130 §7.4.3).</param>
    /// <param name="headers">The entity's header.</param>
    /// <param name="hasLayers">True when a layer is around the entity.</param>
    /// <param name="body">Takes the entity's body.</param>
    public UnsignedMics(DigestAlgorithm agreed, HeaderFields headers, bool hasLayers, IOctetSink body)
    {
        (_hasLayers, _body) = (hasLayers, body);
        _digesters = [.. new[] { agreed, DigestAlgorithm.Sha1 }.Distinct().Select(d => (new Digester(d), new Digester(d)))];
        var header = HeaderWriter.ToOctets(headers);
        _digesters.ForEach(d => d.WithHeader.Append(header));
    }

    public void Push(ReadOnlySpan<byte> octets)
    {
        foreach (var (withHeader, bare) in _digesters)
        {
            withHeader.Append(octets);
            bare.Append(octets);
        }
        _body.Push(octets);
    }

    public IReadOnlyList<MessageIntegrityCheck> Finish() => _finished ??= [.. Readings(first: true), .. Readings(first: false)];

    public void Dispose() => _digesters.ForEach(d =>
    {
        d.WithHeader.Dispose();
        d.Bare.Dispose();
    });

    private IEnumerable<MessageIntegrityCheck> Readings(bool first)
        => _digesters.Select(d => first == _hasLayers ? d.WithHeader : d.Bare).Select(d => new MessageIntegrityCheck(d.Algorithm, d.Finish()));
}
