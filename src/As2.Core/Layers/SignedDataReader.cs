using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace As2.Layers;

/// <summary>What a SignedData holds, as it came.</summary>
/// <param name="ContentType">The object identifier of the content that is signed.</param>
/// <param name="Certificates">The certificates it carries; selectors only, never trusted.</param>
/// <param name="Signers">Its SignerInfos.</param>
internal sealed record SignedDataContent(
    string ContentType, IReadOnlyList<ReadOnlyMemory<byte>> Certificates, IReadOnlyList<SignerInfo> Signers);

/// <summary>
/// Reads SignedData (RFC 5652 §5.1), DER or BER:
/// <code>
/// ContentInfo ::= SEQUENCE { contentType OID, content [0] EXPLICIT SignedData }
/// SignedData  ::= SEQUENCE { version, digestAlgorithms SET, encapContentInfo SEQUENCE { OID, [0] content OPTIONAL },
///                            certificates [0] IMPLICIT SET OPTIONAL, crls [1] IMPLICIT SET OPTIONAL, signerInfos SET }
/// </code>
/// </summary>
internal static class SignedDataReader
{
    private const string SignedDataOid = "1.2.840.113549.1.7.2";
    private const int MaxTrailingBytes = 16;

    private static readonly Asn1Tag s_context0 = new(TagClass.ContextSpecific, 0, true);
    private static readonly Asn1Tag s_context1 = new(TagClass.ContextSpecific, 1, true);

    /// <summary>Reads it; otherwise says in plain words why not.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> cms, LayerLimits limits, [NotNullWhen(true)] out SignedDataContent? content, [NotNullWhen(false)] out string? reason)
    {
        content = null;
        reason = null;
        try
        {
            if (cms.Length > limits.MaxStructureBytes)
                throw new AsnContentException($"it has {cms.Length} bytes, more than {limits.MaxStructureBytes}");
            content = Read(cms, limits);
        }
        catch (AsnContentException e)
        {
            reason = $"The signature cannot be read: {e.Message}";
        }
        return content is not null;
    }

    private static SignedDataContent Read(ReadOnlyMemory<byte> cms, LayerLimits limits)
    {
        var length = MeasureAndRefuseTrailing(cms.Span);
        var info = new BerReader(cms[..length]).ReadSequence();
        if (info.ReadObjectIdentifier() is var type and not SignedDataOid)
            throw new AsnContentException($"it is content type {type}, not signed-data");
        var data = info.ReadSequence(s_context0).ReadSequence();
        data.ReadEncodedValue();
        data.ReadEncodedValue();
        var contentType = data.ReadSequence().ReadObjectIdentifier();
        var certificates = ReadCertificates(ref data, limits);
        if (data.HasData && data.PeekTag().HasSameClassAndValue(s_context1))
            data.ReadEncodedValue();
        return new SignedDataContent(contentType, certificates, ReadSigners(data, limits));
    }

    // Some products leave a line end behind the structure; anything else is not ours to guess.
    private static int MeasureAndRefuseTrailing(ReadOnlySpan<byte> cms)
    {
        AsnDecoder.ReadEncodedValue(cms, AsnEncodingRules.BER, out _, out _, out var length);
        var trailing = cms[length..];
        if (trailing.Length > MaxTrailingBytes || trailing.IndexOfAnyExcept("\r\n\0"u8) >= 0)
            throw new AsnContentException($"{trailing.Length} foreign bytes follow it");
        return length;
    }

    private static List<ReadOnlyMemory<byte>> ReadCertificates(ref BerReader data, LayerLimits limits)
    {
        var certificates = new List<ReadOnlyMemory<byte>>(1);
        if (!data.HasData || !data.PeekTag().HasSameClassAndValue(s_context0))
            return certificates;
        var set = data.ReadSetOf(s_context0);
        while (set.HasData)
        {
            if (certificates.Count == limits.MaxCertificates)
                throw new AsnContentException($"it carries more than {limits.MaxCertificates} certificates");
            certificates.Add(set.ReadEncodedValue());
        }
        return certificates;
    }

    private static List<SignerInfo> ReadSigners(BerReader data, LayerLimits limits)
    {
        var signers = new List<SignerInfo>(1);
        var set = data.ReadSetOf();
        while (set.HasData)
        {
            if (signers.Count == limits.MaxSigners)
                throw new AsnContentException($"it has more than {limits.MaxSigners} signers");
            signers.Add(SignerInfo.Read(set.ReadSequence()));
        }
        return signers;
    }
}
