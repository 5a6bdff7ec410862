using As2.Layers;

namespace As2.Agreements;

/// <summary>The receipt that we ask for, and what makes it count (RFC 4130 §7.3). Immutable.</summary>
public sealed record ReceiptAgreement
{
    /// <summary>Which receipt we ask for. Default: signed.</summary>
    public ReceiptRequirement Requirement { get; init; } = ReceiptRequirement.Signed;

    /// <summary>Where an asynchronous receipt is to be posted. Null: the receipt is the answer to the post.</summary>
    public Uri? AsynchronousUrl { get; init; }

    /// <summary>How long an asynchronous receipt may take before the message is sent again. Default: 30 minutes.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Hosts to which the partner may direct its asynchronous receipts (RFC 4130 §7.3), next to the host of
    /// <see cref="Partnership.Endpoint"/>. Any other address is answered synchronously.
    /// </summary>
    public IReadOnlySet<string> AllowedReceiptHosts { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The digest asked for in <c>signed-receipt-micalg</c>. Null, the default: the digest of our own signature.</summary>
    public DigestAlgorithm? MicDigest { get; init; }
}

/// <summary>The kinds of receipt (RFC 4130 §2.4.2).</summary>
public enum ReceiptRequirement
{
    /// <summary>No receipt is asked for.</summary>
    None,

    /// <summary>An unsigned receipt is asked for.</summary>
    Unsigned,

    /// <summary>A signed receipt is asked for, and only a signed one counts.</summary>
    Signed,
}
