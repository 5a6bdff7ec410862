using As2.Layers;

namespace As2.Tool.Inspection;

/// <summary>The words for layers.</summary>
internal static class LayerReports
{
    /// <summary>The report on a layer.</summary>
    public static LayerReport Of(Layer layer) => new()
    {
        Kind = layer.Kind switch
        {
            LayerKind.EnvelopedData => "enveloped-data",
            LayerKind.AuthEnvelopedData => "authEnveloped-data",
            LayerKind.CompressedData => "compressed-data",
            _ => "signed-data",
        },
        Algorithm = layer.Algorithm,
        Cipher = layer.Cipher?.Name,
        Digest = layer.Digest?.WireName,
        Recipients = layer.Recipients,
        ContentBytes = layer.ContentBytes,
        Remarks = layer.IsOpaque ? [.. layer.Remarks, "the signature carries its content (opaque), which AS2 does not use"] : layer.Remarks,
    };

    /// <summary>The octets of a MIC.</summary>
    public static string NameOf(MicScope scope) => scope switch
    {
        MicScope.SignedPart => "signed part",
        MicScope.InnerEntity => "inner entity",
        _ => "content",
    };
}
