using System.Formats.Asn1;

namespace As2.Layers;

/// <summary>
/// Which layer a ContentInfo is. Its object identifier decides; smime-type is only a hint, often missing or wrong, and serves where
/// the structure is too broken to say.
/// </summary>
internal static class CmsContentTypes
{
    public static CmsContent Open(LayerWalk walk, string oid, string? smimeType) => oid switch
    {
        CmsOids.EnvelopedData => new EnvelopedDataReader(walk, LayerKind.EnvelopedData),
        CmsOids.AuthEnvelopedData => new EnvelopedDataReader(walk, LayerKind.AuthEnvelopedData),
        CmsOids.CompressedData => new CompressedDataReader(walk),
        CmsOids.SignedData => new OpaqueSignedDataReader(walk),
        _ => throw Broken(smimeType, $"The CMS content type {oid} is no layer of AS2."),
    };

    /// <summary>The fault of a structure that broke before it said what it is.</summary>
    public static ProtocolFault Broken(string? smimeType, string diagnosis, Exception? inner = null) => smimeType?.ToLowerInvariant() switch
    {
        "enveloped-data" or "authenveloped-data" => Faults.Decryption(diagnosis, inner),
        "compressed-data" => Faults.Decompression(diagnosis, inner),
        _ => Faults.Structure("RFC 5652 §3", diagnosis),
    };

    public static string ReadOid(ReadOnlyMemory<byte> element)
    {
        try
        {
            return AsnDecoder.ReadObjectIdentifier(element.Span, AsnEncodingRules.BER, out _);
        }
        catch (AsnContentException)
        {
            return "(unreadable)";
        }
    }
}
