using As2.Mime;
using As2.Receipts;

namespace As2.Layers;

/// <summary>
/// multipart/signed (RFC 1847, RFC 8551 §3.5.3): the first part is hashed exactly as it came while its own layers are taken off, the
/// second is the signature. The signature is judged before anything that was found inside.
/// </summary>
internal sealed class MultipartSignedReader : OctetStage, IPartSink
{
    /// <summary>Used when micalg is absent or unknown: the CMS names its digest only after the content.</summary>
    private static readonly DigestAlgorithm[] s_candidates =
        [DigestAlgorithm.Sha256, DigestAlgorithm.Sha1, DigestAlgorithm.Sha384, DigestAlgorithm.Sha512];

    private readonly LayerWalk _walk;
    private readonly EntityHeaders _headers;
    private readonly Layer _record;
    private readonly MultipartScanner _scanner;
    private readonly SignedContent _content;
    private readonly HeldStage _inner;
    private readonly PooledBuffer _signaturePart = new();
    private int _part;

    public MultipartSignedReader(LayerWalk walk, EntityHeaders headers)
    {
        (_walk, _headers) = (walk, headers);
        _record = walk.Enter(LayerKind.SignedData);
        _scanner = new MultipartScanner(Boundary.Of(headers), this);
        _content = new SignedContent(Announced, walk.HasQuirk(Agreements.PartnerQuirk.LineEndsChange));
        _inner = new HeldStage(_record, new EntityReader(walk));
    }

    public override void Push(ReadOnlySpan<byte> octets) => _scanner.Push(octets);

    public override void Complete()
    {
        _scanner.Complete();
        if (!_scanner.IsClosed || _part != 2)
            throw Faults.Structure("RFC 1847 §2.1", $"multipart/signed needs two closed parts; this has {_part}, its end is {(_scanner.IsClosed ? "there" : "missing")}.");
        if (_scanner.HasEpilogue && _walk.IsInsideBareCipher)
            throw Faults.Structure("RFC 4130 §5.2.2", "Octets follow the closing delimiter inside an encryption.");
        using var signature = SignaturePart.Decode(_signaturePart.Span);
        var judge = new SignatureJudge(_walk, _record, _content);
        judge.Judge(signature.Memory);
        if (_inner.Fault is not null)
            throw _inner.Fault;
    }

    void IPartSink.BeginPart()
    {
        if (++_part > 2)
            throw Faults.Structure("RFC 1847 §2.1", "multipart/signed has more than two parts.");
    }

    void IPartSink.PushPart(ReadOnlySpan<byte> octets)
    {
        if (_part == 1)
        {
            _content.Append(octets);
            _inner.Push(octets);
            return;
        }
        // Twice the limit, for base64 and a header.
        if (_signaturePart.Length + octets.Length > _walk.Limits.MaxStructureBytes * 2)
            throw Faults.Limit($"A signature of more than {_walk.Limits.MaxStructureBytes} bytes.");
        _signaturePart.Append(octets);
    }

    void IPartSink.EndPart()
    {
        if (_part == 1)
            _inner.Complete();
    }

    public override void Dispose()
    {
        _scanner.Dispose();
        _content.Dispose();
        _inner.Dispose();
        _signaturePart.Dispose();
    }

    /// <summary>
    /// The digests that micalg lists (RFC 8551 §3.5.3.2), or the candidates, and those of the MIC; only a hint, the CMS decides. SHA-256 is
    /// what signers use whose label was left as it was.
    /// </summary>
    private List<DigestAlgorithm> Announced()
    {
        var micalg = _headers.ParameterText("micalg");
        var declared = new List<DigestAlgorithm>();
        foreach (var range in micalg.Split(','))
        {
            if (DigestAlgorithm.TryParse(micalg[range].ToString(), out var algorithm))
                declared.Add(algorithm);
        }
        return [.. declared.Count == 0 ? s_candidates : [.. declared, DigestAlgorithm.Sha256], .. _walk.Options.MicDigests];
    }
}
