using System.Globalization;
using As2.Agreements;
using As2.Headers;
using As2.Layers;

namespace As2.Tool.Commands;

/// <summary>The header fields of a packed message (RFC 4130 §5–6), each on one line.</summary>
internal static class WireHeaders
{
    /// <summary>AS2 fields, the request for a receipt, then the outermost entity's own.</summary>
    public static HeaderFields Of(string messageId, Partnership partnership, PackedEntity entity, long length, DateTimeOffset now)
    {
        var headers = new HeaderFields
        {
            { As2HeaderNames.As2Version, As2Version.V1_2.ToString() },
            { As2HeaderNames.EdiintFeatures, EdiintFeatures.Ours.ToString() },
            { As2HeaderNames.As2From, partnership.Local.ToHeader() },
            { As2HeaderNames.As2To, partnership.Partner.ToHeader() },
            { As2HeaderNames.MessageId, messageId },
            { As2HeaderNames.Date, now.ToString("r", CultureInfo.InvariantCulture) },
            { As2HeaderNames.MimeVersion, "1.0" },
        };
        if (partnership.Subject is { } subject)
            headers.Add(As2HeaderNames.Subject, subject);
        ReceiptRequest.Write(headers, partnership, "as2@as2.invalid");
        foreach (var (name, value) in entity.Headers)
            headers.Add(name, value);
        headers.Add("Content-Length", length.ToString(CultureInfo.InvariantCulture));
        return headers;
    }
}
