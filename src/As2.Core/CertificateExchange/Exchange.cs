using As2.Agreements;

namespace As2.CertificateExchange;

/// <summary>Who offered the certificates of an exchange.</summary>
public enum ExchangeSide
{
    /// <summary>We did; the partner decides.</summary>
    Ours,

    /// <summary>The partner did; we decide.</summary>
    Theirs,
}

/// <summary>Where an exchanged certificate stands.</summary>
public enum ExchangeStatus
{
    /// <summary>Nobody decided yet.</summary>
    Waiting,

    /// <summary>It was accepted: it serves beside the old one, and in its place where one must be chosen.</summary>
    Accepted,

    /// <summary>It was rejected, or withdrawn: it serves nowhere.</summary>
    Rejected,

    /// <summary>
    /// Ours: the partner acknowledged the offer and let <see cref="ExchangedCertificate.RespondBy"/> pass; it is used as if it was
    /// accepted. A later rejection still counts.
    /// </summary>
    Unanswered,
}

/// <summary>One certificate of an exchange. Immutable.</summary>
public sealed record ExchangedCertificate
{
    /// <summary>Its issuer, in the text form of whoever offered it.</summary>
    public required string Issuer { get; init; }

    /// <summary>Its serial number in decimal.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>The certificate itself, DER; null where the offer did not hold it. Never a private key.</summary>
    public ReadOnlyMemory<byte>? Der { get; init; }

    /// <summary>SHA-256 of <see cref="Der"/>, lower-case hexadecimal: what both sides compare over another channel.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>What it is for.</summary>
    public IReadOnlyList<CertificateUsage> Usages { get; init; } = [];

    /// <summary>When its owner goes on without an answer, or null.</summary>
    public DateTimeOffset? RespondBy { get; init; }

    /// <summary>Where it stands.</summary>
    public ExchangeStatus Status { get; init; }

    /// <summary>When <see cref="Status"/> was last set; from then on an accepted one is preferred to the old one.</summary>
    public DateTimeOffset? Decided { get; init; }

    /// <summary>Why it was rejected, or what speaks for it; plain words.</summary>
    public string? Reason { get; init; }

    internal CertificateIdentifier Identifier => new(Issuer, SerialNumber);

    internal bool IsInForce => Status is ExchangeStatus.Accepted or ExchangeStatus.Unanswered;

    internal ExchangedCertificate Decide(ExchangeStatus status, DateTimeOffset now, string? reason)
        => this with { Status = status, Decided = now, Reason = reason };
}

/// <summary>One exchange: what was offered in one request, and what became of it. Immutable; a change is a new version.</summary>
public sealed record Exchange
{
    /// <summary>Our identifier: 32 hexadecimal digits, never from remote text. Of a partner's offer: that of the message that brought it.</summary>
    public required string Id { get; init; }

    /// <summary>Counts the changes; 0 before it is saved for the first time.</summary>
    public int Version { get; init; }

    /// <summary>Who offered.</summary>
    public required ExchangeSide Side { get; init; }

    /// <summary>Our AS2 name.</summary>
    public required As2Identifier Local { get; init; }

    /// <summary>The partner's AS2 name.</summary>
    public required As2Identifier Partner { get; init; }

    /// <summary>The identifier that request and response share.</summary>
    public required string RequestId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Where the initiator wants the answer. Ours: our own address. Theirs: only recorded, answers go to the agreed endpoint.</summary>
    public string ResponseUrl { get; init; } = "";

    /// <summary>What was offered.</summary>
    public required IReadOnlyList<ExchangedCertificate> Certificates { get; init; }

    /// <summary>Our message in it: the request where we offered, else our response. Null: still to be sent.</summary>
    public string? SentMessage { get; init; }

    /// <summary>The partner's last message in it: its response, or the request. Null: none yet.</summary>
    public string? ReceivedMessage { get; init; }

    /// <summary>True while a certificate of it waits.</summary>
    public bool IsWaiting => Certificates.Any(c => c.Status == ExchangeStatus.Waiting);

    internal bool IsOf(Partnership partnership) => Local == partnership.Local && Partner == partnership.Partner;
}
