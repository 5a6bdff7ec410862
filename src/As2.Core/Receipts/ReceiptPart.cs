using System.Buffers;
using As2.Headers;
using As2.Mime;
using MimeKit.Encodings;

namespace As2.Receipts;

/// <summary>One entity of a receipt: its raw octets and what its header says.</summary>
internal sealed class ReceiptPart
{
    private static readonly SearchValues<byte> s_base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"u8);

    private readonly EntityHeaders _entity;

    public ReceiptPart(HeaderFields headers, ReadOnlyMemory<byte> raw, ReadOnlyMemory<byte> body)
        => (_entity, Raw, Body) = (new EntityHeaders(headers), raw, body);

    public HeaderFields Headers => _entity.Fields;

    /// <summary>Header and body as they came: what a signature covers.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The body as it came.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Type and subtype in lower case; empty when absent or unreadable.</summary>
    public string MediaType => _entity.MediaType;

    public bool IsMultipart => MediaType.StartsWith("multipart/", StringComparison.Ordinal);

    public bool IsSignature => MediaType is "application/pkcs7-signature" or "application/x-pkcs7-signature";

    /// <summary>An entity out of the octets of a part.</summary>
    public static ReceiptPart Read(ReadOnlyMemory<byte> raw)
    {
        var end = HeaderFields.FindEnd(raw.Span);
        return new ReceiptPart(HeaderFields.Parse(raw.Span[..end]), raw, raw[end..]);
    }

    /// <summary>The parts of a multipart, in order.</summary>
    public List<ReceiptPart> Parts()
        => _entity.ParameterText("boundary") is { Length: > 0 and <= 200 } boundary ? MultipartSlices.Cut(Body, boundary).ConvertAll(Read) : [];

    /// <summary>The body without its transfer encoding. OpenAS2 labels plain text as base64: a label that does not fit is ignored.</summary>
    public ReadOnlyMemory<byte> Decode()
    {
        var encoding = Headers[As2HeaderNames.ContentTransferEncoding]?.Trim().ToLowerInvariant();
        return encoding switch
        {
            "base64" when Body.Span.IndexOfAnyExcept(s_base64) < 0 => DecodeBase64(),
            "quoted-printable" => DecodeQuotedPrintable(),
            _ => Body,
        };
    }

    /// <summary>The body of a signature part: DER as it is, else base64, whatever the label says.</summary>
    public ReadOnlyMemory<byte> DecodeSignature()
        => Body.Span.TrimStart("\r\n "u8) is [0x30, 0x80 or 0x82 or 0x83 or 0x81, ..] ? Body[Body.Span.IndexOf((byte)0x30)..] : DecodeBase64();

    /// <summary>The decoded body as text: UTF-8 where it is valid, else Latin-1.</summary>
    public string Text() => HeaderFields.Decode(Decode().Span);

    private ReadOnlyMemory<byte> DecodeBase64()
    {
        var octets = new byte[Base64Text.Room(Body.Length)];
        return octets.AsMemory(0, Base64Text.Decode(Body.Span, octets));
    }

    private byte[] DecodeQuotedPrintable()
    {
        var decoder = new QuotedPrintableDecoder();
        var input = Body.ToArray();
        var output = new byte[decoder.EstimateOutputLength(input.Length)];
        return output[..decoder.Decode(input, 0, input.Length, output)];
    }
}
