using System.Globalization;
using As2.Agreements;
using As2.Layers;

namespace As2.Headers;

/// <summary>The AS2 header fields of what we send, each on one line (RFC 4130 §5–6).</summary>
internal static class MessageHeaders
{
    /// <summary>The version that we speak: compression and EDIINT-Features.</summary>
    public const string Version = "1.2";

    /// <summary>The features that we have (RFC 6017).</summary>
    public const string Features = "multiple-attachments";

    /// <summary>What a message and a receipt share.</summary>
    public static HeaderFields Common(As2Identifier from, As2Identifier to, string messageId, As2Options options, DateTimeOffset now)
    {
        var headers = new HeaderFields();
        headers.Add(As2HeaderNames.As2Version, Version);
        headers.Add(As2HeaderNames.EdiintFeatures, Features);
        headers.Add(As2HeaderNames.As2From, from.ToHeader());
        headers.Add(As2HeaderNames.As2To, to.ToHeader());
        headers.Add(As2HeaderNames.MessageId, messageId);
        headers.Add(As2HeaderNames.Date, now.ToString("r", CultureInfo.InvariantCulture));
        headers.Add(As2HeaderNames.MimeVersion, "1.0");
        headers.Add(As2HeaderNames.UserAgent, options.Product);
        return headers;
    }

    /// <summary>A message: the common fields, the request for a receipt, and the outermost entity's own fields.</summary>
    public static HeaderFields ForMessage(string messageId, Partnership partnership, PackedEntity entity, As2Options options, DateTimeOffset now)
    {
        var headers = Common(partnership.Local, partnership.Partner, messageId, options, now);
        if (partnership.Subject is { } subject)
            headers.Add(As2HeaderNames.Subject, subject);
        ReceiptRequest.Write(headers, partnership, $"as2@{options.MessageIdHost}");
        foreach (var (name, value) in entity.Headers)
            headers.Add(name, value);
        return headers;
    }
}
