namespace As2.Layers;

/// <summary>Bounds on what a message may make us do. Reaching one is the partner's fault, never an exception of ours.</summary>
public sealed record LayerLimits
{
    /// <summary>The default limits.</summary>
    public static readonly LayerLimits Default = new();

    /// <summary>Layers around the payload. Default: 4, the most that RFC 5402 allows.</summary>
    public int MaxDepth { get; init; } = 4;

    /// <summary>Bytes of one header block. Default: 64 KiB.</summary>
    public int MaxHeaderBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of a signature, or of the structures around encrypted content. Default: 256 KiB.</summary>
    public int MaxStructureBytes { get; init; } = 256 << 10;

    /// <summary>Recipients of an enveloped-data. Default: 50.</summary>
    public int MaxRecipients { get; init; } = 50;

    /// <summary>Signers of a signed-data. Default: 5.</summary>
    public int MaxSigners { get; init; } = 5;

    /// <summary>Certificates in a signed-data. Default: 20.</summary>
    public int MaxCertificates { get; init; } = 20;

    /// <summary>Attachments of one message (RFC 6362). Default: 100.</summary>
    public int MaxAttachments { get; init; } = 100;

    /// <summary>Bytes of all payloads together. Default: 10 GiB.</summary>
    public long MaxPayloadBytes { get; init; } = 10L << 30;

    /// <summary>Decompressed bytes per compressed byte, once more than 1 MiB came out. Default: 200.</summary>
    public int MaxExpansionRatio { get; init; } = 200;
}
