using System.Diagnostics.CodeAnalysis;
using As2.Agreements;
using As2.Headers;
using As2.Storage;

namespace As2;

/// <summary>Step 1 of the receive walk: what the header fields of a request say (RFC 4130 §5–6).</summary>
/// <param name="From">AS2-From.</param>
/// <param name="To">AS2-To.</param>
/// <param name="MessageId">Message-ID as it came, or null.</param>
internal sealed record RequestHead(As2Identifier From, As2Identifier To, string? MessageId)
{
    private const int MaxMessageId = 998;

    /// <summary>The duplicate key of an inbound message.</summary>
    public MessageKey Key => new(MessageDirection.Inbound, To, From, Headers.MessageId.KeyOf(MessageId ?? ""));

    /// <summary>True when the Message-ID can be echoed and kept: present, not beyond 998 characters, no control characters.</summary>
    public bool HasUsableMessageId
        => !string.IsNullOrWhiteSpace(MessageId) && MessageId.Length <= MaxMessageId && !MessageId.Any(char.IsControl);

    /// <summary>Reads the head; false with plain words when the request is not AS2.</summary>
    public static bool TryRead(HeaderFields headers, [NotNullWhen(true)] out RequestHead? head, out string reason)
    {
        head = null;
        if (!TryReadName(headers, As2HeaderNames.As2From, out var from, out reason) || !TryReadName(headers, As2HeaderNames.As2To, out var to, out reason))
            return false;
        foreach (var single in (ReadOnlySpan<string>)[As2HeaderNames.MessageId, As2HeaderNames.ContentType, As2HeaderNames.ReceiptDeliveryOption])
        {
            if (headers.All(single).Distinct(StringComparer.Ordinal).Skip(1).Any())
            {
                reason = $"the header {single} is there twice, with different values";
                return false;
            }
        }
        if (headers[As2HeaderNames.ContentType] is null)
        {
            reason = "there is no Content-Type";
            return false;
        }
        head = new RequestHead(from, to, headers[As2HeaderNames.MessageId]);
        return true;
    }

    private static bool TryReadName(HeaderFields headers, string name, out As2Identifier identifier, out string reason)
    {
        identifier = default;
        reason = $"there is no {name}";
        foreach (var value in headers.All(name))
        {
            if (!As2Identifier.TryParseHeader(value, out var read))
            {
                reason = $"{name} is not an AS2 name";
                return false;
            }
            if (identifier.Value.Length > 0 && identifier != read)
            {
                reason = $"{name} is there twice, with different names";
                return false;
            }
            identifier = read;
        }
        return identifier.Value.Length > 0;
    }
}
