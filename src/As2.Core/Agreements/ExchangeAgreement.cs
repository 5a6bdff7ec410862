namespace As2.Agreements;

/// <summary>Whether certificates are exchanged by messages (CEM, draft-meadors-certificate-exchange). Immutable.</summary>
public sealed record ExchangeAgreement
{
    /// <summary>What becomes of a certificate that the partner offers. Default: nothing, such a message is a payload like any other.</summary>
    public ExchangeAcceptance Acceptance { get; init; } = ExchangeAcceptance.Off;

    /// <summary>
    /// Where the partner is to post its answers to what we offer: our own AS2 address as it sees it. Null, the default:
    /// <see cref="ReceiptAgreement.AsynchronousUrl"/>.
    /// </summary>
    public Uri? ResponseUrl { get; init; }
}

/// <summary>What becomes of a certificate that a partner offers in a signed message.</summary>
public enum ExchangeAcceptance
{
    /// <summary>There is no exchange: such a message is delivered like any other.</summary>
    Off,

    /// <summary>It waits for a person, who compares its fingerprint over another channel.</summary>
    Ask,

    /// <summary>
    /// It is accepted by itself when it carries the key of a certificate that is in use, or was issued by an agreed issuer to its
    /// agreed subject (<see cref="Certificates.As2Certificate.TrustedSubject"/>); any other one waits for a person.
    /// </summary>
    Automatic,
}
