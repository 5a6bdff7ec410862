using System.Text;
using As2.Headers;
using MimeKit;

namespace As2.Mime;

/// <summary>What the header fields of an entity say about it; MimeKit reads the parameters, with all their encodings.</summary>
internal sealed class EntityHeaders
{
    private static readonly string[] s_usual = ["application/pkcs7-mime", "multipart/signed", "application/octet-stream"];

    private const string LayerName = "smime.p7m";

    private readonly PlainField? _plain;
    private readonly ContentType? _type;

    public EntityHeaders(HeaderFields fields)
    {
        Fields = fields;
        var type = fields["Content-Type"];
        if (PlainField.TryParse(type, hasSubtype: true, out var plain) && !IsDoubled(plain.Value))
            _plain = plain;
        else
            _type = ParseType(type);
        MediaType = _plain is null ? NameOf(_type) : NameOf(plain.Value);
        Encoding = ParseEncoding(fields["Content-Transfer-Encoding"]);
    }

    public HeaderFields Fields { get; }

    /// <summary>Type and subtype in lower case; empty when absent or unreadable.</summary>
    public string MediaType { get; }

    public TransferEncoding Encoding { get; }

    /// <summary>Content-ID without its brackets.</summary>
    public string? ContentId => Fields["Content-ID"]?.Trim().Trim('<', '>');

    /// <summary>application/pkcs7-mime, also in the spelling of before its registration.</summary>
    public bool IsPkcs7Mime => MediaType is "application/pkcs7-mime" or "application/x-pkcs7-mime";

    /// <summary>Several payloads in one message (RFC 6362); some peers write mixed.</summary>
    public bool IsAttachments => MediaType is "multipart/related" or "multipart/mixed";

    /// <summary>The value of a Content-Type parameter, or null.</summary>
    public string? Parameter(string name) => _plain is { } plain ? TextOf(plain.Parameter(name)) : _type?.Parameters[name];

    /// <summary>The same without a string of its own; empty when absent.</summary>
    public ReadOnlySpan<char> ParameterText(string name) => _plain is { } plain ? plain.Parameter(name) : _type?.Parameters[name];

    /// <summary>The file name, from Content-Disposition or else from Content-Type (RFC 2183, 2231, 2047).</summary>
    public string? FileName
    {
        get
        {
            var text = Fields["Content-Disposition"];
            // Two double quotes where one belongs: an old product.
            text = text?.Replace("=\"\"", "=\"", StringComparison.Ordinal).Replace("\"\"", "\"", StringComparison.Ordinal);
            var name = text is null ? null : FileNameOf(text);
            name ??= Parameter("name");
            return string.IsNullOrWhiteSpace(name) ? null : name;
        }
    }

    private static string? TextOf(ReadOnlySpan<char> value) => value.IsEmpty ? null : value is LayerName ? LayerName : value.ToString();

    private static string? FileNameOf(string text)
    {
        if (PlainField.TryParse(text, hasSubtype: false, out var plain))
            return TextOf(plain.Parameter("filename"));
        text = text.Contains('\\', StringComparison.Ordinal) ? WithPairs(text) : text;
        return ContentDisposition.TryParse(text, out var disposition) ? disposition.FileName : null;
    }

    /// <summary>A path of Windows, its backslashes not escaped: only those before a quote or a backslash are quoted pairs.</summary>
    private static string WithPairs(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            result.Append(text[i]);
            if (text[i] != '\\')
                continue;
            var isPair = i + 1 < text.Length && text[i + 1] is '"' or '\\';
            result.Append(isPair ? text[++i] : '\\');
        }
        return result.ToString();
    }

    /// <summary>A doubled type, seen in the field.</summary>
    private static bool IsDoubled(ReadOnlySpan<char> type) => type.StartsWith("application/application/", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(ContentType? type) => type is null ? "" : $"{type.MediaType}/{type.MediaSubtype}".ToLowerInvariant();

    /// <summary>In lower case; the types that every message has are not made anew.</summary>
    private static string NameOf(ReadOnlySpan<char> type)
    {
        foreach (var usual in s_usual)
        {
            if (type.SequenceEqual(usual))
                return usual;
        }
        return type.ToString().ToLowerInvariant();
    }

    private static ContentType? ParseType(string? text)
    {
        text = text?.Trim();
        if (text is ['"', .., '"'] && text.Contains(';'))
            text = text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal);
        if (IsDoubled(text))
            text = text!["application/".Length..];
        return text is not null && ContentType.TryParse(text, out var type) ? type : null;
    }

    private static TransferEncoding ParseEncoding(string? text) => text?.Trim().Trim('"').ToLowerInvariant() switch
    {
        "base64" => TransferEncoding.Base64,
        "quoted-printable" => TransferEncoding.QuotedPrintable,
        _ => TransferEncoding.Identity,
    };
}

/// <summary>The transfer encodings that change octets (RFC 2045 §6).</summary>
internal enum TransferEncoding
{
    /// <summary>binary, 8bit, 7bit or none: over HTTP the octets are what they are (RFC 4130 §5.2.1).</summary>
    Identity,

    Base64,
    QuotedPrintable,
}
