using System.Net;

namespace As2.Agreements;

/// <summary>
/// From where a partner may reach us, and how much of us it may use. Its TLS client certificates stand in the role
/// <see cref="Certificates.CertificateRole.TlsCaller"/>. Immutable.
/// </summary>
public sealed record AccessAgreement
{
    /// <summary>The addresses and networks that the partner calls from; others hear what a stranger hears. Default: none, from anywhere.</summary>
    public IReadOnlyList<IPNetwork> Addresses { get; init; } = [];

    /// <summary>Requests of this partner that are answered at once, from 1; more hear 503. Null, the default: what the endpoint says.</summary>
    public int? MaxRequestsAtOnce { get; init; }

    /// <summary>Requests of this partner in a minute, from 1; more hear 429. Null, the default: what the endpoint says.</summary>
    public int? MaxRequestsPerMinute { get; init; }

    /// <summary>How long one request may take, its body included; a longer one hears 408. Null, the default: what the endpoint says.</summary>
    public TimeSpan? MaxRequestTime { get; init; }
}
