using As2.Agreements;
using As2.Certificates;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Operations.Figures;

/// <summary>A certificate of a partnership, without its key.</summary>
/// <param name="Local">Our AS2 name.</param>
/// <param name="Partner">The partner's AS2 name.</param>
/// <param name="Side"><c>ours</c> or <c>theirs</c>.</param>
/// <param name="Use">What for.</param>
/// <param name="Subject">Whose.</param>
/// <param name="Sha256">Its fingerprint.</param>
/// <param name="NotBefore">Start of our use of it.</param>
/// <param name="NotAfter">End of our use of it.</param>
/// <param name="DaysLeft">Whole days until then; negative when it is over.</param>
public sealed record CertificateLine(
    string Local, string Partner, string Side, string Use, string Subject, string Sha256, DateTimeOffset NotBefore, DateTimeOffset NotAfter, int DaysLeft);

/// <summary>The certificates in use. Thread-safe.</summary>
internal sealed class Certificates(PartnershipBook book, As2.PartnerServices partners, Organisations organisations, TimeProvider clock)
{
    private static readonly (CertificateRole Role, string Side, string Use)[] s_roles =
    [
        (CertificateRole.Sign, "ours", "sign"), (CertificateRole.Decrypt, "ours", "decrypt"), (CertificateRole.Verify, "theirs", "verify"), (CertificateRole.Encrypt, "theirs", "encrypt"),
    ];

    /// <summary>Every certificate that the caller may see, the first to end first.</summary>
    public async Task<IReadOnlyList<CertificateLine>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var (lines, now) = (new List<CertificateLine>(), clock.GetUtcNow());
        foreach (var partnership in book.Partnerships.Where(p => organisations.Sees(caller, p.Local)))
        {
            var uses = new List<(As2Certificate Certificate, string Side, string Use)>();
            foreach (var (role, side, use) in s_roles)
                uses.AddRange((await partners.Certificates.FindAsync(partnership, role, cancellationToken)).Select(c => (c, side, use)));
            lines.AddRange(uses.GroupBy(u => (u.Certificate.Thumbprint, u.Side)).Select(g => Line(partnership, g.First().Certificate, g.Key.Side, string.Join(", ", g.Select(u => u.Use)), now)));
        }
        return [.. lines.OrderBy(l => l.NotAfter).ThenBy(l => l.Partner, StringComparer.Ordinal)];
    }

    private static CertificateLine Line(Partnership partnership, As2Certificate certificate, string side, string use, DateTimeOffset now) => new(
        partnership.Local.Value, partnership.Partner.Value, side, use, certificate.Certificate.Subject, certificate.Thumbprint, certificate.NotBefore, certificate.NotAfter,
        (int)Math.Floor((certificate.NotAfter - now).TotalDays));
}
