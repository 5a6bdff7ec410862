using As2.Agreements;
using As2.CertificateExchange;
using As2.Headers;
using As2.Layers;
using As2.Payloads;

namespace As2.Storage;

/// <summary>The duplicate key: both names and the Message-ID without its outer brackets, all compared ordinally.</summary>
/// <param name="Direction">Which way.</param>
/// <param name="Local">Our AS2 name.</param>
/// <param name="Partner">The partner's AS2 name.</param>
/// <param name="MessageId">The key form of the Message-ID.</param>
public readonly record struct MessageKey(MessageDirection Direction, As2Identifier Local, As2Identifier Partner, string MessageId);

/// <summary>An HTTP message kept as it goes over the wire: header fields and body. Immutable.</summary>
/// <param name="Headers">The header fields.</param>
/// <param name="Body">The body.</param>
public sealed record WireMessage(HeaderFields Headers, StoredContent Body)
{
    private HeaderFields? _headers = Headers;
    private HeldOctets _held;

    /// <summary>The header fields. From an <see cref="InMemoryStore"/> each call gives a copy.</summary>
    public HeaderFields Headers
    {
        get => _headers ?? HeaderText.Read(_held.ToString());
        init => _headers = value;
    }

    /// <summary>The same where a store in memory keeps it: as octets in place of a dozen fields.</summary>
    internal WireMessage Hold() => _headers is null ? this : this with { _headers = null, _held = HeaderText.Hold(_headers), Body = Body.Hold() };
}

/// <summary>A payload of a stored message.</summary>
/// <param name="Content">Its octets.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="FileName">The name its sender gave it, or null; never a path.</param>
public sealed record StoredPayload(StoredContent Content, string ContentType, string? FileName)
{
    /// <summary>Its Content-ID without brackets, by which other parts of the message refer to it; null where it has none.</summary>
    public string? ContentId { get; init; }

    /// <summary>What its entity says about it on the wire.</summary>
    internal PayloadHeader ToHeader() => new() { ContentType = ContentType, FileName = FileName, ContentId = ContentId };
}

/// <summary>A message as the store holds it. Immutable; a change is a <see cref="Transition"/>.</summary>
public sealed record StoredMessage
{
    /// <summary>Our own identifier: a version 7 UUID as 32 hexadecimal digits, sortable by time. Never from remote text.</summary>
    public required string Id { get; init; }

    /// <summary>The duplicate key.</summary>
    public required MessageKey Key { get; init; }

    /// <summary>The Message-ID exactly as it stands on the wire.</summary>
    public required string MessageId { get; init; }

    /// <summary>Where it stands.</summary>
    public required MessageState State { get; init; }

    /// <summary>When it was made, by the store's clock.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When its state last changed, by the store's clock.</summary>
    public DateTimeOffset Changed { get; init; }

    /// <summary>Its payloads: one, or several with RFC 6362. Empty for a refused message.</summary>
    public IReadOnlyList<StoredPayload> Payloads { get; init; } = [];

    /// <summary>The MICs of the message, the preferred first, each in the form of <c>Received-Content-MIC</c>.</summary>
    public IReadOnlyList<string> Mics { get; init; } = [];

    /// <summary>Inbound refused: the request as it came. Outbound: the request as it goes, from <see cref="MessageState.Packaged"/> on.</summary>
    public WireMessage? Wire { get; init; }

    /// <summary>Inbound: the receipt that answers it, stored before it is sent. Outbound: the receipt that answered it.</summary>
    public WireMessage? Receipt { get; init; }

    /// <summary>The disposition of the receipt, as written; null when there is none.</summary>
    public string? Disposition { get; init; }

    /// <summary>Inbound: where the asynchronous receipt is to be posted; null for a synchronous one.</summary>
    public Uri? ReceiptUrl { get; init; }

    /// <summary>What was seen or applied, in plain words: <c>encrypted aes256-cbc, compressed, signed sha-256</c>.</summary>
    public string Security { get; init; } = "";

    /// <summary>Plain words for the operator where something went wrong.</summary>
    public string? Diagnosis { get; init; }

    /// <summary>
    /// Where an outbound message came from: a mailbox account, or with <see cref="Routes.OutsideRoute.Prefix"/> the route that is told
    /// of its outcome; null for the application.
    /// </summary>
    public string? Account { get; init; }

    /// <summary>
    /// The trace in which it came or was submitted, a W3C traceparent, so that what is done later joins it; null where nobody traced.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>Attempts to send so far.</summary>
    public int Attempts { get; init; }

    /// <summary>Its MICs as values; one that cannot be read is left out.</summary>
    internal List<MessageIntegrityCheck> ReadMics()
    {
        var mics = new List<MessageIntegrityCheck>(Mics.Count);
        for (var i = 0; i < Mics.Count; i++)
        {
            if (MessageIntegrityCheck.TryParse(Mics[i], out var mic))
                mics.Add(mic);
        }
        return mics;
    }

    /// <summary>True when it goes as multipart/related: several payloads, or a certificate exchange, which always does.</summary>
    internal bool IsMultipart => Payloads.Count > 1 || Payloads.Any(p => ExchangeMedia.IsExchange(p.ContentType));

    /// <summary>Our identifier of the message whose payload this one sends anew, at an operator's word; null for others.</summary>
    public string? ResubmissionOf { get; init; }
}

/// <summary>One line of a message's history.</summary>
/// <param name="Sequence">Rises with every event of the store.</param>
/// <param name="MessageId">Our identifier of the message.</param>
/// <param name="At">By the store's clock.</param>
/// <param name="Kind">What happened, one word: <c>received</c>, <c>delivered</c>, <c>attempt</c>.</param>
/// <param name="Text">Plain words; no payload byte, no secret.</param>
public sealed record MessageEvent(long Sequence, string MessageId, DateTimeOffset At, string Kind, string Text);
