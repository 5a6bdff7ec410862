using System.Globalization;
using As2.Agreements;
using As2.Certificates;
using As2.Storage;
using Microsoft.Extensions.Logging;

namespace As2.CertificateExchange;

/// <summary>
/// Sends what exchanges are waiting for: our requests, and our responses once they are decided. Each is submitted once, whatever crash
/// comes between; what it says is in force in this process before it leaves. Thread-safe; one at a time in a gateway.
/// </summary>
public sealed partial class ExchangeDispatch
{
    private readonly IExchangeStore _store;
    private readonly ExchangeBook _book;
    private readonly As2Sender _sender;
    private readonly StorageServices _storage;
    private readonly TimeProvider _clock;
    private readonly PartnerServices _partners;
    private readonly ILogger _logger;

    internal ExchangeDispatch(
        (IExchangeStore Store, ExchangeBook Book) exchanges, As2Sender sender, PartnerServices partners, StorageServices storage, TimeProvider clock,
        ILogger<ExchangeDispatch> logger)
        => ((_store, _book), _sender, _partners, _storage, _clock, _logger) = (exchanges, sender, partners, storage, clock, logger);

    /// <summary>One round over all exchanges; the workers of a host make one every two seconds.</summary>
    /// <exception cref="As2Exception">AS2-STORE-*: the exchanges cannot be read.</exception>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        // First what was decided is in force, then it is told.
        foreach (var exchange in await _book.RefreshAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                if (exchange.SentMessage is null && (exchange.Side == ExchangeSide.Ours || !exchange.IsWaiting))
                    await SendAsync(exchange, cancellationToken).ConfigureAwait(false);
                else if (exchange is { Side: ExchangeSide.Ours, SentMessage: not null })
                    await LapseAsync(exchange, cancellationToken).ConfigureAwait(false);
            }
            catch (As2Exception e)
            {
                LogNotSent(exchange.Id, exchange.Partner.Value, e);
            }
        }
    }

    private async ValueTask SendAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        if (exchange.Side == ExchangeSide.Ours && !exchange.IsWaiting)
            return; // withdrawn before it left
        if (await _partners.Directory.FindAsync(exchange.Local, exchange.Partner, cancellationToken).ConfigureAwait(false) is not { Endpoint: not null } partnership)
        {
            LogNoPartnership(exchange.Id, exchange.Local.Value, exchange.Partner.Value);
            return;
        }
        // What came last is part of the key: a request that was repeated is answered again.
        var key = $"certificate exchange {exchange.Id} {(exchange.Side == ExchangeSide.Ours ? "" : exchange.ReceivedMessage)}";
        var payloads = exchange.Side == ExchangeSide.Ours
            ? ExchangeParts.OfRequest(exchange, await _partners.Certificates.FindAsync(partnership, CertificateRole.Offer, cancellationToken).ConfigureAwait(false))
            : ExchangeParts.OfResponse(exchange, _clock.GetUtcNow());
        var message = await _sender.SubmitOnceAsync(key, payloads, origin: null, partnership, cancellationToken).ConfigureAwait(false);
        var answered = exchange.ReceivedMessage;
        await _store.UpdateAsync(exchange.Id, e => e.SentMessage is null && e.ReceivedMessage == answered ? e with { SentMessage = message } : null, cancellationToken).ConfigureAwait(false);
        var statuses = string.Join(", ", exchange.Certificates.Select(c => c.Status));
        if (exchange is { Side: ExchangeSide.Theirs, ReceivedMessage: { } request })
            await RemarkAsync(request, [("certificate-exchange", $"{statuses}; answered with message {message}")], cancellationToken).ConfigureAwait(false);
        LogSent(exchange.Id, exchange.Side, exchange.Partner.Value, message, statuses);
    }

    /// <summary>RespondByDate passed: a partner that has the offer and said nothing is taken to accept it.</summary>
    private async ValueTask LapseAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (!exchange.Certificates.Any(c => IsOverdue(c, now))
            || await _storage.Journal.GetAsync(exchange.SentMessage!, cancellationToken).ConfigureAwait(false) is not { State: MessageState.Acknowledged })
            return;
        await _store.UpdateAsync(exchange.Id, e => e.Each(c => IsOverdue(c, now) ? c.Decide(ExchangeStatus.Unanswered, now, null) : c), cancellationToken).ConfigureAwait(false);
        await _book.RefreshAsync(cancellationToken).ConfigureAwait(false);
        var text = string.Create(CultureInfo.InvariantCulture, $"{exchange.Partner} did not answer exchange {exchange.Id} in time; the certificate is used from now on");
        await RemarkAsync(exchange.SentMessage!, [Alert.Line(Alert.CertificateExchange, text)], cancellationToken).ConfigureAwait(false);
    }

    private static bool IsOverdue(ExchangedCertificate certificate, DateTimeOffset now)
        => certificate.Status == ExchangeStatus.Waiting && certificate.RespondBy < now;

    private async ValueTask RemarkAsync(string id, IReadOnlyList<(string Kind, string Text)> lines, CancellationToken cancellationToken)
    {
        if (await _storage.Journal.GetAsync(id, cancellationToken).ConfigureAwait(false) is not { } message)
            return;
        await _storage.Messages.ReconcileAsync(
            id, new Transition { From = [message.State], To = message.State, KeepsState = true, Job = JobOutcome.Continue, Events = lines }, cancellationToken).ConfigureAwait(false);
        Alert.Log(_logger, id, lines);
    }

    [LoggerMessage(2301, LogLevel.Information, "Certificate exchange {Id} ({Side}) with {Partner} goes as message {Message}: {Statuses}")]
    private partial void LogSent(string id, ExchangeSide side, string partner, string message, string statuses);

    [LoggerMessage(2302, LogLevel.Warning, "Certificate exchange {Id} with {Partner} cannot go on; it is tried again")]
    private partial void LogNotSent(string id, string partner, Exception e);

    [LoggerMessage(2303, LogLevel.Warning, "Certificate exchange {Id} waits: {Local} has no partnership with {Partner}, or no endpoint")]
    private partial void LogNoPartnership(string id, string local, string partner);
}
