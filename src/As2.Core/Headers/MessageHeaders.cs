using System.Globalization;
using As2.Agreements;
using As2.Layers;

namespace As2.Headers;

/// <summary>The AS2 header fields of what we send, each on one line (RFC 4130 §5–6).</summary>
internal static class MessageHeaders
{
    /// <summary>What a message and a receipt share.</summary>
    public static HeaderFields Common(Partnership partnership, string messageId, As2Options options, DateTimeOffset now)
    {
        var headers = new HeaderFields(capacity: 16) { { As2HeaderNames.As2Version, partnership.Version.ToString() } };
        var features = partnership.Exchange.Acceptance == ExchangeAcceptance.Off ? partnership.Features : partnership.Features.With(EdiintFeatures.CertificateExchange);
        if (partnership.Version.HasFeatures && features.Tokens.Count > 0)
            headers.Add(As2HeaderNames.EdiintFeatures, features.ToString());
        headers.Add(As2HeaderNames.As2From, partnership.Local.ToHeader());
        headers.Add(As2HeaderNames.As2To, partnership.Partner.ToHeader());
        headers.Add(As2HeaderNames.MessageId, messageId);
        headers.Add(As2HeaderNames.Date, now.ToString("r", CultureInfo.InvariantCulture));
        headers.Add(As2HeaderNames.MimeVersion, "1.0");
        headers.Add(As2HeaderNames.UserAgent, options.Product);
        return headers;
    }

    /// <summary>A message: the common fields, the request for a receipt, and the outermost entity's own fields.</summary>
    public static HeaderFields ForMessage(string messageId, Partnership partnership, PackedEntity entity, As2Options options, DateTimeOffset now)
    {
        var headers = Common(partnership, messageId, options, now);
        if (partnership.Subject is { } subject)
            headers.Add(As2HeaderNames.Subject, subject);
        ReceiptRequest.Write(headers, partnership, $"as2@{options.MessageIdHost}");
        foreach (var (name, value) in entity.Headers)
        {
            if (!IsUnwanted(name, value, partnership))
                headers.Add(name, value);
        }
        return headers;
    }

    /// <summary>binary is what an absent field means over HTTP (RFC 4130 §5.2.1), so it may be left out; base64 must be said.</summary>
    private static bool IsUnwanted(string name, string value, Partnership partnership)
        => name == As2HeaderNames.ContentTransferEncoding && value == "binary"
            && partnership.Quirks.Contains(PartnerQuirk.NoTransferEncodingHeader);
}
