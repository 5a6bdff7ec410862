using As2.Certificates;
using As2.Receipts;

namespace As2.Layers;

/// <summary>The kinds of layer around a payload (RFC 4130 §2.4.2, RFC 5402).</summary>
public enum LayerKind
{
    /// <summary>enveloped-data.</summary>
    EnvelopedData,

    /// <summary>authEnveloped-data (RFC 5083).</summary>
    AuthEnvelopedData,

    /// <summary>compressed-data (RFC 3274).</summary>
    CompressedData,

    /// <summary>multipart/signed with a detached signature, or signed-data that carries its content.</summary>
    SignedData,
}

/// <summary>One layer as it was found. Filled while it is being taken off; complete once the walk is.</summary>
public sealed record Layer
{
    private List<string>? _remarks;

    internal Layer(LayerKind kind) => Kind = kind;

    /// <summary>Its kind.</summary>
    public LayerKind Kind { get; }

    /// <summary>Algorithms in plain words: cipher and key transport, or digest and signature, or zlib.</summary>
    public string Algorithm
    {
        get => Transport is null ? field : $"{Cipher}, {Transport}";
        internal set;
    } = "";

    /// <summary>The digest of a signature.</summary>
    public DigestAlgorithm? Digest { get; internal set; }

    /// <summary>The content cipher of an enveloped-data.</summary>
    public ContentCipher? Cipher { get; internal set; }

    /// <summary>Whose certificate verified the signature; one of those agreed, never one that only the message brought.</summary>
    public As2Certificate? Signer { get; internal set; }

    /// <summary>True for a signature that carries its content (RFC 8551 §3.5.2), which AS2 does not use.</summary>
    public bool IsOpaque { get; internal set; }

    /// <summary>The recipients that the message names: issuer and serial, or key identifier.</summary>
    public IReadOnlyList<string> Recipients { get; internal set; } = [];

    /// <summary>Remarks about tolerated oddities, in plain words.</summary>
    public IReadOnlyList<string> Remarks => _remarks ?? (IReadOnlyList<string>)[];

    /// <summary>Bytes of its content, after this layer was taken off.</summary>
    public long ContentBytes { get; internal set; }

    /// <summary>How the key of an encryption travelled, in plain words; null for other layers.</summary>
    internal string? Transport { get; set; }

    /// <summary>Adds a remark.</summary>
    internal void Remark(string text) => (_remarks ??= []).Add(text);
}

/// <summary>Which octets a MIC covers; decided from what was seen, never from settings (RFC 4130 §7.3.1, RFC 5402 §4).</summary>
public enum MicScope
{
    /// <summary>Signed: exactly the octets that were signed.</summary>
    SignedPart,

    /// <summary>Not signed, but encrypted or compressed: the inner entity with its MIME headers.</summary>
    InnerEntity,

    /// <summary>No layer: the content without any header.</summary>
    BareContent,
}

/// <summary>What was seen while the layers were taken off, outermost first.</summary>
public sealed class LayerTrace
{
    /// <summary>The layers, outermost first.</summary>
    public IReadOnlyList<Layer> Layers { get; init; } = [];

    /// <summary>Which octets the MIC covers.</summary>
    public MicScope Scope { get; init; }

    /// <summary>The digests of the scope; the first is in the algorithm that the receipt should use.</summary>
    public IReadOnlyList<MessageIntegrityCheck> Mics { get; init; } = [];

    /// <summary>The fault that ended the walk, or null.</summary>
    public LayerFault? Fault { get; init; }

    /// <summary>The signature layer, or null.</summary>
    public Layer? Signature => Find(LayerKind.SignedData);

    /// <summary>True when a verified signature covers the payload.</summary>
    public bool IsSigned => Signature?.Signer is not null;

    /// <summary>True when an encryption layer was taken off.</summary>
    public bool IsEncrypted => Find(LayerKind.EnvelopedData) is not null || Find(LayerKind.AuthEnvelopedData) is not null;

    /// <summary>True when a compression layer was taken off.</summary>
    public bool IsCompressed => Find(LayerKind.CompressedData) is not null;

    private Layer? Find(LayerKind kind)
    {
        for (var i = 0; i < Layers.Count; i++)
        {
            if (Layers[i].Kind == kind)
                return Layers[i];
        }
        return null;
    }
}

/// <summary>Why a message could not be unwrapped.</summary>
/// <param name="Disposition">What the receipt says.</param>
/// <param name="Clause">The clause that was broken.</param>
/// <param name="Diagnosis">Plain words for our operator, never sent to the partner.</param>
public sealed record LayerFault(Disposition Disposition, string Clause, string Diagnosis);
