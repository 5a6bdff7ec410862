using As2.Agreements;
using As2.Certificates;

namespace As2.CertificateExchange;

/// <summary>
/// Offers our certificates and decides about those of partners. Each call only records, durably; <see cref="ExchangeDispatch"/> sends
/// what follows from it, so a program beside the running gateway may call it too. Thread-safe.
/// </summary>
public sealed class CertificateExchanges(IExchangeStore store, PartnerServices partners, TimeProvider clock)
{
    private const int MaxReason = 200;

    /// <summary>Every exchange, the oldest first.</summary>
    public ValueTask<IReadOnlyList<Exchange>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    /// <summary>
    /// Offers certificates of the role <see cref="CertificateRole.Offer"/> to a partner. From here on we can open what is encrypted to
    /// them; they sign for this partner once it accepted.
    /// </summary>
    /// <param name="local">Our AS2 name.</param>
    /// <param name="partner">The partner's.</param>
    /// <param name="offer">What the offer says; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="As2Exception">
    /// AS2-CEM-001: the pair exchanges no certificates; AS2-CEM-002: there is nothing to offer; AS2-CEM-003: it is offered already;
    /// AS2-CEM-006: nobody knows where the answer is to go; AS2-STORE-*.
    /// </exception>
    public async ValueTask<Exchange> OfferAsync(As2Identifier local, As2Identifier partner, ExchangeOffer? offer, CancellationToken cancellationToken)
    {
        offer ??= new ExchangeOffer();
        var partnership = await FindAsync(local, partner, cancellationToken).ConfigureAwait(false);
        var address = partnership.Exchange.ResponseUrl ?? partnership.Receipt.AsynchronousUrl
            ?? throw new As2Exception("AS2-CEM-006", $"{partner} could not answer the offer: set Exchange.ResponseUrl (CertificateExchangeUrl) to our own AS2 address as it sees it.");
        var certificates = await OfferedAsync(partnership, offer, cancellationToken).ConfigureAwait(false);
        await RefuseRepetitionAsync(partnership, certificates, cancellationToken).ConfigureAwait(false);

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString("N");
        var exchange = new Exchange
        {
            Id = id, Side = ExchangeSide.Ours, Local = local, Partner = partner, RequestId = id, Created = now, ResponseUrl = address.OriginalString,
            Certificates = [.. certificates.Select(c => Describe(c, offer))],
        };
        await store.SaveAsync(exchange, cancellationToken).ConfigureAwait(false);
        return exchange;
    }

    /// <summary>
    /// Accepts what a partner offered, or rejects it. Rejecting also takes an accepted certificate back, and withdraws an offer of ours
    /// (the partner is not told; offer another).
    /// </summary>
    /// <param name="id">The exchange.</param>
    /// <param name="accept">True: accept every certificate of it that waits.</param>
    /// <param name="reason">Plain words, for the partner too when it is rejected.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="As2Exception">AS2-CEM-004: no such exchange; AS2-CEM-005: there is nothing to decide; AS2-STORE-*.</exception>
    public async ValueTask<Exchange> DecideAsync(string id, bool accept, string? reason, CancellationToken cancellationToken)
    {
        var words = reason is null ? null : string.Concat(reason.Where(c => !char.IsControl(c)).Take(MaxReason));
        return await store.UpdateAsync(id, e => Decide(e, accept, words), cancellationToken).ConfigureAwait(false)
            ?? throw new As2Exception("AS2-CEM-004", $"There is no certificate exchange '{id}'.");
    }

    private Exchange Decide(Exchange exchange, bool accept, string? reason)
    {
        if (accept ? exchange.Side == ExchangeSide.Ours || !exchange.IsWaiting : exchange.Certificates.All(c => c.Status == ExchangeStatus.Rejected))
            throw new As2Exception("AS2-CEM-005", $"Of exchange {exchange.Id} ({exchange.Side}) nothing can be {(accept ? "accepted" : "rejected")}: {string.Join(", ", exchange.Certificates.Select(c => c.Status))}.");
        var now = clock.GetUtcNow();
        return exchange.Each(c => accept
            ? c.Status == ExchangeStatus.Waiting ? c.Decide(ExchangeStatus.Accepted, now, reason ?? c.Reason) : c
            : c.Status == ExchangeStatus.Rejected ? c : c.Decide(ExchangeStatus.Rejected, now, reason));
    }

    private async ValueTask<Partnership> FindAsync(As2Identifier local, As2Identifier partner, CancellationToken cancellationToken)
    {
        var partnership = await partners.Directory.FindAsync(local, partner, cancellationToken).ConfigureAwait(false);
        return partnership is { Endpoint: not null, Sending.Sign: true } && partnership.Exchange.Acceptance != ExchangeAcceptance.Off
            ? partnership
            : throw new As2Exception("AS2-CEM-001", $"{local} exchanges no certificates with {partner}: the pair must be there with an endpoint, sign what it sends, and have the exchange on (CertificateExchange).");
    }

    private async ValueTask<IReadOnlyList<As2Certificate>> OfferedAsync(Partnership partnership, ExchangeOffer offer, CancellationToken cancellationToken)
    {
        var held = await partners.Certificates.FindAsync(partnership, CertificateRole.Offer, cancellationToken).ConfigureAwait(false);
        var fit = held.Where(c => c.Certificate.HasPrivateKey && c.NotAfter > clock.GetUtcNow()
            && (offer.Thumbprint is null || c.Thumbprint.StartsWith(offer.Thumbprint, StringComparison.OrdinalIgnoreCase))).ToList();
        return fit.Count > 0
            ? fit
            : throw new As2Exception("AS2-CEM-002", $"There is no certificate to offer to {partnership.Partner}{(offer.Thumbprint is { } wanted ? $" that begins with {wanted}" : "")}: add one with its key for the role Offer (\"For\": \"offer\").");
    }

    private async ValueTask RefuseRepetitionAsync(Partnership partnership, IReadOnlyList<As2Certificate> certificates, CancellationToken cancellationToken)
    {
        foreach (var exchange in await store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (exchange.Side == ExchangeSide.Ours && exchange.IsOf(partnership)
                && exchange.Certificates.Any(c => c.Status != ExchangeStatus.Rejected && certificates.Any(o => o.Thumbprint == c.Thumbprint)))
                throw new As2Exception("AS2-CEM-003", $"{partnership.Partner} was offered this certificate in exchange {exchange.Id}. Wait for its answer, or withdraw that offer (reject) first.");
        }
    }

    private static ExchangedCertificate Describe(As2Certificate certificate, ExchangeOffer offer)
    {
        var identifier = CertificateIdentifier.Of(certificate.Certificate);
        return new ExchangedCertificate
        {
            Issuer = identifier.Issuer, SerialNumber = identifier.SerialNumber, Der = certificate.Der, Thumbprint = certificate.Thumbprint,
            Usages = offer.Usages.Count > 0 ? offer.Usages : CertificateUsages.Of(certificate), RespondBy = offer.RespondBy,
        };
    }
}
