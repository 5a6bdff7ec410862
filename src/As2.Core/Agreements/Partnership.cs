using System.Collections.Frozen;
using As2.Headers;
using As2.Transmission;

namespace As2.Agreements;

/// <summary>
/// What two parties agreed, seen from our side: the pair (our station, their station), how we send to them, what we demand of
/// them, and which receipt we ask for. Immutable and safe to share; a change is a new value.
/// </summary>
public sealed record Partnership
{
    /// <summary>Our AS2 name: <c>AS2-From</c> of what we send, <c>AS2-To</c> of what we receive.</summary>
    public required As2Identifier Local { get; init; }

    /// <summary>The partner's AS2 name.</summary>
    public required As2Identifier Partner { get; init; }

    /// <summary>Where the partner takes our messages: an absolute http or https address. Null: we only receive.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>How we reach the partner's server.</summary>
    public ConnectionAgreement Connection { get; init; } = new();

    /// <summary>From where the partner may reach us, and how much of us it may use.</summary>
    public AccessAgreement Access { get; init; } = new();

    /// <summary>How we protect what we send.</summary>
    public SecurityAgreement Sending { get; init; } = new();

    /// <summary>What we demand of what we receive.</summary>
    public SecurityRequirements Receiving { get; init; } = new();

    /// <summary>The receipt that we ask for.</summary>
    public ReceiptAgreement Receipt { get; init; } = new();

    /// <summary>Whether certificates are exchanged by messages. Default: they are not.</summary>
    public ExchangeAgreement Exchange { get; init; } = new();

    /// <summary>How the partner's product departs from the rules. Default: none.</summary>
    public IReadOnlySet<PartnerQuirk> Quirks { get; init; } = FrozenSet<PartnerQuirk>.Empty;

    /// <summary>The names of the routes that take a received payload, in order. Default: none, the payload stays in the store.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>Content type of payloads sent without one. Default: <c>application/octet-stream</c>.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>The <c>AS2-Version</c> that we announce to this partner. Default: 1.2.</summary>
    public As2Version Version { get; init; } = As2Version.V1_2;

    /// <summary>The <c>EDIINT-Features</c> that we announce, where the version has them. Default: <see cref="EdiintFeatures.Ours"/>.</summary>
    public EdiintFeatures Features { get; init; } = EdiintFeatures.Ours;

    /// <summary>When a message without outcome goes again. Null, the default: <see cref="As2Options.Retry"/>.</summary>
    public RetrySchedule? Retry { get; init; }

    /// <summary>How long the whole answer to a post may take, from the last octet posted. Null, the default: <see cref="As2Options.AnswerTimeout"/>.</summary>
    public TimeSpan? AnswerTimeout { get; init; }

    /// <summary>
    /// By agreement, messages of at least so many bytes on the wire are sent so that a cut transfer can be resumed (AS2 Restart).
    /// Null, the default: never; a partner that does not know of it would take the rest of a message for a message.
    /// </summary>
    public long? RestartFrom { get; init; }

    /// <summary>
    /// Keep what goes over the wire with this partner as files in <see cref="As2Options.CaptureFolder"/>, for as long as somebody looks for
    /// a fault. Default: false; the files hold payloads wherever messages are not encrypted.
    /// </summary>
    public bool Capture { get; init; }

    /// <summary>The <c>Subject</c> header of what we send; ASCII, one line. Default: none.</summary>
    public string? Subject { get; init; }

    /// <summary>Short name for logs: <c>local → partner</c>.</summary>
    public override string ToString() => $"{Local} → {Partner}";
}
