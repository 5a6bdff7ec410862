using As2.Receipts;

namespace As2.Layers;

/// <summary>The faults that the layers find, each with its disposition and clause. The diagnosis is for our operator only.</summary>
internal static class Faults
{
    public static ProtocolFault Decryption(string diagnosis, Exception? inner = null)
        => new(Disposition.DecryptionFailed, "RFC 5652 §6", diagnosis, inner);

    public static ProtocolFault Decompression(string diagnosis, Exception? inner = null)
        => new(Disposition.DecompressionFailed, "RFC 3274 §1", diagnosis, inner);

    public static ProtocolFault Structure(string clause, string diagnosis)
        => new(Disposition.UnexpectedProcessingError, clause, diagnosis);

    public static ProtocolFault Limit(string diagnosis)
        => new(Disposition.UnexpectedProcessingError, "LayerLimits", diagnosis);
}
