using System.Diagnostics.CodeAnalysis;
using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Storage;

namespace As2;

/// <summary>Step 1 of the receive walk: what the header fields of a request say (RFC 4130 §5–6).</summary>
/// <param name="From">AS2-From.</param>
/// <param name="To">AS2-To.</param>
/// <param name="MessageId">Message-ID as it came, or null.</param>
internal sealed record RequestHead(As2Identifier From, As2Identifier To, string? MessageId)
{
    private const int MaxMessageId = 998;

    private readonly string _keyForm = Headers.MessageId.KeyOf(MessageId ?? "");

    /// <summary>The duplicate key of an inbound message.</summary>
    public MessageKey Key => new(MessageDirection.Inbound, To, From, _keyForm);

    /// <summary>True when there is a Message-ID, good or bad: without one no receipt could name the message.</summary>
    public bool HasMessageId => !string.IsNullOrWhiteSpace(MessageId);

    /// <summary>What is wrong with the Message-ID, or null; what is held then is a form of it that can be kept.</summary>
    public LayerFault? Fault { get; private init; }

    /// <summary>Reads the head; false with plain words when the request is not AS2.</summary>
    public static bool TryRead(HeaderFields headers, [NotNullWhen(true)] out RequestHead? head, out string reason)
    {
        head = null;
        if (!TryReadNames(headers, out var names, out reason))
            return false;
        foreach (var single in (ReadOnlySpan<string>)[As2HeaderNames.MessageId, As2HeaderNames.ContentType, As2HeaderNames.ReceiptDeliveryOption])
        {
            if (headers.HasDifferentValues(single))
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
        var id = headers[As2HeaderNames.MessageId];
        head = Create(names.From, names.To, id);
        return true;
    }

    /// <summary>Reads the names alone, which is all that a restart query says.</summary>
    public static bool TryReadNames(HeaderFields headers, out (As2Identifier From, As2Identifier To) names, out string reason)
    {
        var isRead = TryReadName(headers, As2HeaderNames.As2From, out var from, out reason) & TryReadName(headers, As2HeaderNames.As2To, out var to, out var other);
        reason = reason.Length > 0 ? reason : other;
        names = (from, to);
        return isRead;
    }

    /// <summary>The further readings of both names, the likelier first; none where each can only be read in one way.</summary>
    /// <param name="headers">The header fields that this head was read from.</param>
    public IEnumerable<RequestHead> OtherReadings(HeaderFields headers)
    {
        foreach (var sender in As2Identifier.ReadHeader(headers[As2HeaderNames.As2From]))
        {
            foreach (var receiver in As2Identifier.ReadHeader(headers[As2HeaderNames.As2To]))
            {
                if (sender != From || receiver != To)
                    yield return this with { From = sender, To = receiver };
            }
        }
    }

    private static RequestHead Create(As2Identifier from, As2Identifier to, string? id)
    {
        if (id is null || (id.Length <= MaxMessageId && !HasControl(id)))
            return new RequestHead(from, to, id);
        return new RequestHead(from, to, string.Concat(id.Take(MaxMessageId).Select(c => char.IsControl(c) ? '?' : c)))
        {
            Fault = new(Disposition.InvalidMessageId, "RFC 4130 §5.3.3", $"The Message-ID has {id.Length} characters, or control characters among them."),
        };
    }

    private static bool HasControl(string id)
    {
        foreach (var c in id)
        {
            if (char.IsControl(c))
                return true;
        }
        return false;
    }

    private static bool TryReadName(HeaderFields headers, string name, out As2Identifier identifier, out string reason)
    {
        identifier = default;
        reason = "";
        if (!headers.HasDifferentValues(name) && As2Identifier.TryParseHeader(headers[name], out identifier))
            return true;
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
