namespace As2.CertificateExchange;

/// <summary>What an offer says beside the certificate.</summary>
public sealed record ExchangeOffer
{
    /// <summary>
    /// When we go on without an answer (RespondByDate): once it passed, and the partner acknowledged the request, the certificate signs.
    /// Null, the default: never before it was accepted.
    /// </summary>
    public DateTimeOffset? RespondBy { get; init; }

    /// <summary>The SHA-256 of the certificate to offer. Null, the default: every one of the role Offer.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>What it is for. Default: what its key usage allows of signing and encrypting; both where it says nothing.</summary>
    public IReadOnlyList<CertificateUsage> Usages { get; init; } = [];
}
