using As2.Certificates;
using As2.Headers;
using As2.Layers;

namespace As2.Receipts;

/// <summary>The machine-readable part of a receipt, message/disposition-notification (RFC 4130 §7.4, RFC 8098 §3). Immutable.</summary>
public sealed record MessageDispositionNotification
{
    /// <summary>The product that made it.</summary>
    public string? ReportingUa { get; init; }

    /// <summary>The recipient as addressed, without the <c>rfc822;</c> prefix, in wire form.</summary>
    public string? OriginalRecipient { get; init; }

    /// <summary>The recipient that answers, without the <c>rfc822;</c> prefix, in wire form.</summary>
    public string? FinalRecipient { get; init; }

    /// <summary>The Message-ID that is answered, as it came.</summary>
    public string? OriginalMessageId { get; init; }

    /// <summary>The outcome.</summary>
    public required Disposition Disposition { get; init; }

    /// <summary>The MIC of what was received, or null.</summary>
    public MessageIntegrityCheck? Mic { get; init; }

    /// <summary>Texts of Error, Warning and Failure fields.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}

/// <summary>A receipt: written by us, or read from a partner. Immutable.</summary>
public sealed record Receipt
{
    /// <summary>Its MIME header fields (Content-Type first); the AS2 headers of the HTTP message are added by who sends it.</summary>
    public required HeaderFields Headers { get; init; }

    /// <summary>Its body, octet for octet.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What it says; null when that could not be read.</summary>
    public MessageDispositionNotification? Notification { get; init; }

    /// <summary>The text for people.</summary>
    public string Text { get => field ??= System.Text.Encoding.ASCII.GetString(TextOctets.Span); init; }

    /// <summary>True when it carries a signature, good or bad.</summary>
    public bool IsSigned { get; init; }

    /// <summary>The agreed certificate that verified its signature; null when none did.</summary>
    public As2Certificate? Signer { get; init; }

    /// <summary>The digest of its signature.</summary>
    public DigestAlgorithm? Digest { get; init; }

    /// <summary>Where the text stands in the body of one that we wrote.</summary>
    internal ReadOnlyMemory<byte> TextOctets { get; init; }

    /// <summary>The octets under its signature, as they verify; empty when it is not signed or was written by us.</summary>
    internal ReadOnlyMemory<byte> SignedContent { get; init; }

    /// <summary>The CMS of its signature; empty like <see cref="SignedContent"/>.</summary>
    internal ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Why it cannot be believed or read, or null.</summary>
    public LayerFault? Fault { get; init; }

    /// <summary>Tolerated oddities, in plain words.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
