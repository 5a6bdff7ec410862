using As2.Agreements;
using As2.Certificates;

namespace As2.CertificateExchange;

/// <summary>What a message of an exchange came to.</summary>
/// <param name="Text">Plain words for its history.</param>
/// <param name="Alert">What a person must look at, or null.</param>
internal sealed record IntakeOutcome(string Text, string? Alert = null);

/// <summary>
/// Takes requests and responses that came signed by an accepted certificate. Called again for the same message it changes nothing:
/// the exchange of a request carries the message's identifier, and that of a response names it.
/// </summary>
internal sealed class ExchangeIntake(IExchangeStore store, ExchangeBook book, ICertificateSource certificates, TimeProvider clock)
{
    private const int MaxWaiting = 100;

    /// <summary>A partner's request.</summary>
    public async ValueTask<IntakeOutcome> TakeAsync(
        string message, ExchangeRequest request, IReadOnlyList<CertificatePart> parts, Partnership partnership, CancellationToken cancellationToken)
    {
        var held = (await store.ListAsync(cancellationToken).ConfigureAwait(false)).Where(e => e.Side == ExchangeSide.Theirs && e.IsOf(partnership)).ToList();
        if (held.Find(e => e.Id == message) is { } again)
            return Tell(again);
        if (held.Find(e => e.RequestId == request.RequestId) is { } known)
            return await RepeatAsync(message, request, known, cancellationToken).ConfigureAwait(false);
        if (held.Count(e => e.IsWaiting) >= MaxWaiting)
            return NotTaken($"{MaxWaiting} offers of this partner wait already");

        var judge = new OfferJudge(partnership, await AgreedAsync(partnership, cancellationToken).ConfigureAwait(false), clock.GetUtcNow());
        var exchange = new Exchange
        {
            Id = message, Side = ExchangeSide.Theirs, Local = partnership.Local, Partner = partnership.Partner, RequestId = request.RequestId,
            Created = clock.GetUtcNow(), ResponseUrl = request.Requests[0].ResponseUrl, ReceivedMessage = message,
            Certificates = [.. request.Requests.Select(r => judge.Judge(request, r, parts))],
        };
        // False: another worker took the same message in the same moment.
        await store.SaveAsync(exchange, cancellationToken).ConfigureAwait(false);
        await book.RefreshAsync(cancellationToken).ConfigureAwait(false);
        return Tell(exchange);
    }

    /// <summary>A partner's response.</summary>
    public async ValueTask<IntakeOutcome> TakeAsync(string message, ExchangeResponse response, Partnership partnership, CancellationToken cancellationToken)
    {
        if (response.Name != partnership.Partner.Value)
            return NotTaken($"the response names '{response.Name}', the message is from '{partnership.Partner}'");
        var offer = (await store.ListAsync(cancellationToken).ConfigureAwait(false))
            .FirstOrDefault(e => e.Side == ExchangeSide.Ours && e.IsOf(partnership) && e.RequestId == response.RequestId);
        if (offer is null)
            return NotTaken($"it answers the request '{response.RequestId}', which we never made to this partner");
        var updated = await store.UpdateAsync(offer.Id, e => e.ReceivedMessage == message ? null : Apply(e, message, response), cancellationToken).ConfigureAwait(false);
        await book.RefreshAsync(cancellationToken).ConfigureAwait(false);
        return Tell(offer, updated ?? offer, response);
    }

    private Exchange Apply(Exchange offer, string message, ExchangeResponse response)
    {
        var now = clock.GetUtcNow();
        return offer.Each(c => c.Status is ExchangeStatus.Waiting or ExchangeStatus.Unanswered && Find(response, c) is { } answer
            ? c.Decide(answer.IsAccepted ? ExchangeStatus.Accepted : ExchangeStatus.Rejected, now, answer.Reason)
            : c) with { ReceivedMessage = message };
    }

    private static TrustResponse? Find(ExchangeResponse response, ExchangedCertificate certificate)
        => response.Responses.FirstOrDefault(r => r.Certificate.IsSameAs(certificate.Identifier));

    /// <summary>The same request once more: answered once more where it is decided. Other certificates under its id are not taken.</summary>
    private async ValueTask<IntakeOutcome> RepeatAsync(string message, ExchangeRequest request, Exchange known, CancellationToken cancellationToken)
    {
        if (!request.Requests.All(r => known.Certificates.Any(c => c.Identifier.IsSameAs(r.EndEntity.Certificate))))
            return NotTaken($"the requestId '{request.RequestId}' was used before, for other certificates: exchange {known.Id}");
        await store.UpdateAsync(
            known.Id, e => e.ReceivedMessage == message ? null : e with { ReceivedMessage = message, SentMessage = null }, cancellationToken).ConfigureAwait(false);
        return new IntakeOutcome($"the request '{request.RequestId}' again: exchange {known.Id}");
    }

    private async ValueTask<IReadOnlyList<As2Certificate>> AgreedAsync(Partnership partnership, CancellationToken cancellationToken) =>
    [
        .. await certificates.FindAsync(partnership, CertificateRole.Verify, cancellationToken).ConfigureAwait(false),
        .. await certificates.FindAsync(partnership, CertificateRole.Encrypt, cancellationToken).ConfigureAwait(false),
    ];

    private static IntakeOutcome NotTaken(string why) => new($"a certificate exchange that was not taken: {why}", $"not taken: {why}");

    private static IntakeOutcome Tell(Exchange exchange)
    {
        var lines = exchange.Certificates.Select(Describe).ToList();
        return new IntakeOutcome(
            $"exchange {exchange.Id}, offered: {string.Join("; ", lines)}",
            exchange.IsWaiting ? $"{exchange.Partner} waits for a decision about exchange {exchange.Id}: {string.Join("; ", lines)}" : null);
    }

    private static IntakeOutcome Tell(Exchange before, Exchange offer, ExchangeResponse response)
    {
        var text = $"exchange {offer.Id}, answered: {string.Join("; ", offer.Certificates.Select(Describe))}";
        if (response.Responses.FirstOrDefault(r => !before.Certificates.Any(c => r.Certificate.IsSameAs(c.Identifier))) is { } stranger)
            return new IntakeOutcome(text, $"{offer.Partner} answers for a certificate that exchange {offer.Id} does not hold: {stranger.Certificate}");
        if (offer.Certificates.Any(c => Find(response, c) is { } answer && answer.IsAccepted != c.IsInForce))
            return new IntakeOutcome(text, $"{offer.Partner} contradicts its earlier answer in exchange {offer.Id}; the earlier one stays");
        return new IntakeOutcome(text, offer.Certificates.FirstOrDefault(c => c.Status == ExchangeStatus.Rejected) is { } rejected
            ? $"{offer.Partner} rejected {rejected.Identifier} in exchange {offer.Id}: {rejected.Reason ?? "it says not why"}"
            : null);
    }

    private static string Describe(ExchangedCertificate c)
        => $"{c.Identifier} (sha256 {c.Thumbprint ?? "unknown"}) for {string.Join(", ", c.Usages.Select(u => u.ToWord()))}"
            + (c.RespondBy is { } by ? $", answer by {by:yyyy-MM-dd HH:mm}Z" : "") + $": {c.Status}{(c.Reason is null ? "" : $", {c.Reason}")}";
}
