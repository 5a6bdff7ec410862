namespace As2.CertificateExchange;

/// <summary>A request or a response: what both begin with.</summary>
/// <param name="RequestId">Unique for the initiator; the response repeats it.</param>
/// <param name="Name">The AS2 name of who wrote it.</param>
/// <param name="Originated">When; null where it is not readable.</param>
internal abstract record ExchangeMessage(string RequestId, string Name, DateTimeOffset? Originated);

/// <summary>EDIINTCertificateExchangeRequest.</summary>
internal sealed record ExchangeRequest(string RequestId, string Name, DateTimeOffset? Originated, IReadOnlyList<TrustRequest> Requests)
    : ExchangeMessage(RequestId, Name, Originated);

/// <summary>One certificate that is offered.</summary>
internal sealed record TrustRequest
{
    /// <summary>What it is for.</summary>
    public required IReadOnlyList<CertificateUsage> Usages { get; init; }

    /// <summary>When the initiator goes on without an answer, or null.</summary>
    public DateTimeOffset? RespondBy { get; init; }

    /// <summary>Where the initiator wants the answer.</summary>
    public string ResponseUrl { get; init; } = "";

    /// <summary>The certificate.</summary>
    public required OfferedPart EndEntity { get; init; }

    /// <summary>Its issuers, nearest first.</summary>
    public IReadOnlyList<OfferedPart> Chain { get; init; } = [];
}

/// <summary>A certificate, and the part that holds it.</summary>
/// <param name="Certificate">Issuer and serial number.</param>
/// <param name="ContentId">The part's Content-ID without brackets.</param>
internal sealed record OfferedPart(CertificateIdentifier Certificate, string ContentId);

/// <summary>EDIINTCertificateExchangeResponse.</summary>
internal sealed record ExchangeResponse(string RequestId, string Name, DateTimeOffset? Originated, IReadOnlyList<TrustResponse> Responses)
    : ExchangeMessage(RequestId, Name, Originated);

/// <summary>The answer for one certificate.</summary>
internal sealed record TrustResponse(CertificateIdentifier Certificate, bool IsAccepted, string? Reason);
