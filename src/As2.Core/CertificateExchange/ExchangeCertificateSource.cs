using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using As2.Agreements;
using As2.Certificates;

namespace As2.CertificateExchange;

/// <summary>
/// The certificates of another source, and those that were exchanged:
/// <list type="bullet">
/// <item>Decrypt: ours from the moment of the offer, beside the old ones; a partner may use it as soon as it has it.</item>
/// <item>Sign, SignReceipt: ours once this partner accepted it; its window begins there, so it is the preferred one.</item>
/// <item>Verify, VerifyReceipt: theirs once it was accepted, beside the old ones, which stay for late messages.</item>
/// <item>Encrypt: theirs once it was accepted; likewise preferred from there on.</item>
/// <item>TlsClient, TlsServer: likewise, where the exchange is for TLS; the latter only beside those that are agreed on.</item>
/// </list>
/// Our keys always come from the other source (<see cref="CertificateRole.Offer"/>); an exchange holds none.
/// </summary>
internal sealed class ExchangeCertificateSource(ICertificateSource inner, ExchangeBook book) : ICertificateSource
{
    private readonly ConcurrentDictionary<(string Thumbprint, DateTimeOffset Since), As2Certificate> _theirs = new();
    private readonly ConditionalWeakTable<As2Certificate, ConcurrentDictionary<DateTimeOffset, As2Certificate>> _ours = [];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<As2Certificate>> FindAsync(Partnership partnership, CertificateRole role, CancellationToken cancellationToken)
    {
        var held = await inner.FindAsync(partnership, role, cancellationToken).ConfigureAwait(false);
        var exchanges = role == CertificateRole.Offer ? [] : await book.OfAsync(partnership, cancellationToken).ConfigureAwait(false);
        if (exchanges.Count == 0)
            return held;
        return role switch
        {
            CertificateRole.Verify or CertificateRole.VerifyReceipt => [.. held, .. Theirs(exchanges, c => c.Signs())],
            // Where nothing is agreed on, public trust is: one certificate more must not take it away.
            CertificateRole.TlsServer or CertificateRole.TlsCaller when held.Count == 0 => held,
            CertificateRole.TlsServer => [.. held, .. Theirs(exchanges, c => c.Usages.Contains(CertificateUsage.TlsServer))],
            CertificateRole.TlsCaller => [.. held, .. Theirs(exchanges, c => c.Usages.Contains(CertificateUsage.TlsClient))],
            CertificateRole.Encrypt => [.. Theirs(exchanges, c => c.Encrypts()), .. held],
            _ => [.. held, .. Ours(exchanges, await inner.FindAsync(partnership, CertificateRole.Offer, cancellationToken).ConfigureAwait(false), role)],
        };
    }

    private IEnumerable<As2Certificate> Theirs(IReadOnlyList<Exchange> exchanges, Func<ExchangedCertificate, bool> isWanted)
        => Of(exchanges, ExchangeSide.Theirs).Where(c => c.Status == ExchangeStatus.Accepted && isWanted(c))
            .Select(c => _theirs.GetOrAdd((c.Thumbprint!, c.Decided!.Value), (_, der) => From(X509CertificateLoader.LoadCertificate(der.Span), c.Decided.Value, null), c.Der!.Value));

    private IEnumerable<As2Certificate> Ours(IReadOnlyList<Exchange> exchanges, IReadOnlyList<As2Certificate> offered, CertificateRole role)
        => Of(exchanges, ExchangeSide.Ours)
            .Where(c => role == CertificateRole.Decrypt || (c.IsInForce && (role == CertificateRole.TlsClient ? c.Usages.Contains(CertificateUsage.TlsClient) : c.Signs())))
            .Select(c => (About: c, Key: offered.FirstOrDefault(o => o.Thumbprint == c.Thumbprint)))
            .Where(c => c.Key is not null)
            .Select(c => role == CertificateRole.Decrypt ? c.Key! : Since(c.Key!, c.About.Decided!.Value));

    /// <summary>The same key with a window that begins when the partner accepted it; the same instance each time.</summary>
    private As2Certificate Since(As2Certificate key, DateTimeOffset accepted)
        => _ours.GetOrCreateValue(key).GetOrAdd(accepted, since => From(key.Certificate, since, key));

    private static As2Certificate From(X509Certificate2 certificate, DateTimeOffset since, As2Certificate? like)
    {
        var start = like?.NotBefore ?? new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        return new As2Certificate(certificate, start > since ? start : since, like?.NotAfter) { Issuers = like?.Issuers ?? [] };
    }

    private static IEnumerable<ExchangedCertificate> Of(IReadOnlyList<Exchange> exchanges, ExchangeSide side)
        => exchanges.Where(e => e.Side == side).SelectMany(e => e.Certificates);
}
