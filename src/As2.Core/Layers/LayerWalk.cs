using As2.Mime;
using As2.Payloads;

namespace As2.Layers;

/// <summary>
/// What one walk through the layers shares: the options, what was seen so far, the MIC. It decides by content type what takes an
/// entity's body, and holds the grammar of layers: E? A? S? B?, each once and only one compression (RFC 4130 §2.4.2, RFC 5402 §3).
/// </summary>
internal sealed class LayerWalk(LayerReaderOptions options, IPayloadSink payloads)
{
    private long _payloadBytes;

    public LayerReaderOptions Options { get; } = options;

    public LayerLimits Limits => Options.Limits;

    public List<Layer> Layers { get; } = new(3);

    public MicScope Scope { get; private set; } = MicScope.BareContent;

    public IReadOnlyList<MessageIntegrityCheck> Mics { get; private set; } = [];

    /// <summary>The file name that the outermost entity gives; used where the payload names none.</summary>
    public string? OuterFileName { get; set; }

    /// <summary>True when a signature, whoever made it, fits the content that was found.</summary>
    public bool IsContentProven { get; set; }

    /// <summary>Notes a layer, when it may stand here.</summary>
    public Layer Enter(LayerKind kind)
    {
        var isEncryption = kind is LayerKind.EnvelopedData or LayerKind.AuthEnvelopedData;
        if (isEncryption ? Layers.Count > 0 : Has(kind))
            throw Faults.Structure("RFC 5402 §3", $"{kind} may not stand inside {string.Join(", ", Layers.Select(l => l.Kind))}.");
        if (Layers.Count >= Limits.MaxDepth)
            throw Faults.Limit($"More than {Limits.MaxDepth} layers.");
        var layer = new Layer(kind);
        Layers.Add(layer);
        return layer;
    }

    /// <summary>The stage that takes the body of an entity, chosen by its content type.</summary>
    /// <param name="headers">The entity's fields.</param>
    /// <param name="headerOctets">Its header as it came, with the blank line; empty for the outermost, whose header is HTTP's.</param>
    public OctetStage OpenBody(EntityHeaders headers, ReadOnlySpan<byte> headerOctets)
    {
        var observed = Options.Observer?.BeginEntity([.. Layers.Select(l => l.Kind)], headers.MediaType, headerOctets);
        var body = ChooseBody(headers, headerOctets);
        return observed is null ? body : new ObservedStage(Options.Observer!, observed, body);
    }

    private OctetStage ChooseBody(EntityHeaders headers, ReadOnlySpan<byte> headerOctets)
    {
        if (headers.IsPkcs7Mime)
            return new ContentInfoSniffer(this, headers);
        if (headers.MediaType == "multipart/signed")
            return new MultipartSignedReader(this, headers);
        return headers.MediaType is "application/octet-stream" or "" && HasQuirk(Agreements.PartnerQuirk.UnlabelledCms)
            ? new UnlabelledReader(this, headers, headerOctets.ToArray())
            : OpenContent(headers, headerOctets);
    }

    /// <summary>The stage that takes an entity that is no layer.</summary>
    public OctetStage OpenContent(EntityHeaders headers, ReadOnlySpan<byte> headerOctets)
    {
        OctetStage content = headers.IsAttachments ? new AttachmentsReader(this, headers) : OpenPayload(headers);
        if (Has(LayerKind.SignedData))
            return content;
        var digests = new DigestSet(Options.MicDigests);
        if (!IsHeaderOutsideMic)
            digests.Append(headerOctets);
        return new MicTap(this, digests, content);
    }

    /// <summary>The stage that takes one payload.</summary>
    public OctetStage OpenPayload(EntityHeaders headers)
    {
        var header = new PayloadHeader
        {
            ContentType = headers.MediaType.Length == 0 ? "application/octet-stream" : headers.MediaType,
            FileName = headers.FileName ?? OuterFileName,
            ContentId = headers.ContentId,
        };
        var payload = new PayloadStage(this, payloads.Begin(header));
        return headers.Encoding == TransferEncoding.Identity ? payload : new TransferDecoder(headers.Encoding, payload);
    }

    public void CountPayload(int octets)
    {
        _payloadBytes += octets;
        if (_payloadBytes > Limits.MaxPayloadBytes)
            throw Faults.Limit($"The payload is larger than {Limits.MaxPayloadBytes} bytes.");
    }

    /// <summary>Sets the MIC of the signed octets, or of the innermost entity.</summary>
    public void SetMics(MicScope scope, IReadOnlyList<MessageIntegrityCheck> mics) => (Scope, Mics) = (scope, mics);

    public bool Has(LayerKind kind)
    {
        foreach (var layer in Layers)
        {
            if (layer.Kind == kind)
                return true;
        }
        return false;
    }

    public bool HasQuirk(Agreements.PartnerQuirk quirk) => Options.Quirks.Contains(quirk);

    /// <summary>True inside an encryption that has no integrity of its own.</summary>
    public bool IsInsideBareCipher => Layers is [{ Cipher.IsAuthenticated: false }, ..];

    private bool IsHeaderOutsideMic
        => Layers is [{ Kind: LayerKind.CompressedData }] && HasQuirk(Agreements.PartnerQuirk.CompressedMicWithoutHeaders);
}
