using As2.Certificates;

namespace As2.Layers;

/// <summary>A layer while it is being taken off; becomes a <see cref="Layer"/> at the end.</summary>
internal sealed class LayerRecord(LayerKind kind)
{
    private List<string>? _remarks;

    public LayerKind Kind { get; } = kind;

    public string Algorithm { get; set; } = "";

    public DigestAlgorithm? Digest { get; set; }

    public ContentCipher? Cipher { get; set; }

    public As2Certificate? Signer { get; set; }

    public bool IsOpaque { get; set; }

    public IReadOnlyList<string> Recipients { get; set; } = [];

    public long ContentBytes { get; set; }

    public void Remark(string text) => (_remarks ??= []).Add(text);

    public Layer ToLayer() => new()
    {
        Kind = Kind,
        Algorithm = Algorithm,
        Digest = Digest,
        Cipher = Cipher,
        Signer = Signer,
        IsOpaque = IsOpaque,
        Recipients = Recipients,
        Remarks = _remarks ?? (IReadOnlyList<string>)[],
        ContentBytes = ContentBytes,
    };
}
