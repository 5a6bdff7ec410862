using System.Net;
using System.Security.Cryptography.X509Certificates;
using As2.Agreements;
using As2.Certificates;

namespace As2.AspNetCore;

/// <summary>Whether a caller is one that the partnership names: by its address, by its TLS client certificate.</summary>
internal sealed class CallerPolicy(ICertificateSource certificates, TimeProvider clock)
{
    /// <summary>Why the caller is kept out, or null; and whether its address or certificate proves who it is.</summary>
    public async ValueTask<(string? Reason, bool IsProven)> JudgeAsync(
        Partnership partnership, IPAddress? address, X509Certificate2? shown, CancellationToken cancellationToken)
    {
        var networks = partnership.Access.Addresses;
        if (networks.Count > 0 && (address is null || !networks.Any(n => n.Contains(address))))
            return ($"{address} is none of the addresses that the partnership names", false);
        var agreed = await certificates.FindAsync(partnership, CertificateRole.TlsCaller, cancellationToken).ConfigureAwait(false);
        if (agreed.Count == 0)
            return (null, networks.Count > 0);
        if (shown is null)
            return ("the partnership names TLS client certificates, and the caller showed none", false);
        return IsAgreed(agreed, shown, clock.GetUtcNow())
            ? (null, true)
            : ($"the TLS client certificate {shown.Thumbprint} of {shown.Subject} is none that the partnership names, or not in use now", false);
    }

    private static bool IsAgreed(IReadOnlyList<As2Certificate> agreed, X509Certificate2 shown, DateTimeOffset now)
    {
        if (agreed.Any(c => c.TrustedSubject is null && c.IsInUse(now) && c.Der.Span.SequenceEqual(shown.RawData)))
            return true;
        return CertificateChain.Vouched(agreed, [shown.RawData], now).Any(c => c.IsInUse(now));
    }
}
