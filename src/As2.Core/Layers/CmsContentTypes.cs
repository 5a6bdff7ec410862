using System.Formats.Asn1;
using As2.Mime;

namespace As2.Layers;

/// <summary>
/// Which layer a ContentInfo is. Its object identifier decides; smime-type is only a hint, often missing or wrong, and serves where
/// the structure is too broken to say.
/// </summary>
internal static class CmsContentTypes
{
    public static CmsContent Open(LayerWalk walk, string oid, EntityHeaders headers) => oid switch
    {
        CmsOids.EnvelopedData => new EnvelopedDataReader(walk, LayerKind.EnvelopedData),
        CmsOids.AuthEnvelopedData => new EnvelopedDataReader(walk, LayerKind.AuthEnvelopedData),
        CmsOids.CompressedData => new CompressedDataReader(walk),
        CmsOids.SignedData => new OpaqueSignedDataReader(walk),
        _ => throw Broken(headers, $"The CMS content type {oid} is no layer of AS2."),
    };

    /// <summary>The fault of a structure that broke before it said what it is.</summary>
    public static ProtocolFault Broken(EntityHeaders headers, string diagnosis, Exception? inner = null) => headers.Parameter("smime-type")?.ToLowerInvariant() switch
    {
        "enveloped-data" or "authenveloped-data" => Faults.Decryption(diagnosis, inner),
        "compressed-data" => Faults.Decompression(diagnosis, inner),
        _ => Faults.Structure("RFC 5652 §3", diagnosis),
    };

    /// <summary>True when the octets begin a ContentInfo of a layer: SEQUENCE, length, object identifier.</summary>
    public static bool IsLayer(ReadOnlySpan<byte> start)
    {
        if (start.Length < 4 || start[0] != 0x30)
            return false;
        var lengthOctets = start[1] > 0x80 ? 2 + (start[1] & 0x7F) : 2;
        if (lengthOctets >= start.Length)
            return false;
        var type = start[lengthOctets..];
        return AsnDecoder.TryReadEncodedValue(type, AsnEncodingRules.BER, out var tag, out _, out _, out _)
            && tag.HasSameClassAndValue(Asn1Tag.ObjectIdentifier)
            && ReadOid(type.ToArray()) is CmsOids.EnvelopedData or CmsOids.AuthEnvelopedData or CmsOids.CompressedData or CmsOids.SignedData;
    }

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
