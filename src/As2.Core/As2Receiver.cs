using System.Runtime.CompilerServices;
using As2.Agreements;
using As2.CertificateExchange;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Receipts;
using As2.Restart;
using As2.Routes;
using As2.Storage;
using As2.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace As2;

/// <summary>
/// Receives AS2 messages and receipts: header fields and a stream in, an outcome with its HTTP answer out. Knows no host.
/// Thread-safe.
/// </summary>
public sealed partial class As2Receiver
{
    private static readonly TimeSpan s_storeTrouble = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_overload = TimeSpan.FromSeconds(5);

    private readonly PartnerServices _partners;
    private readonly StorageServices _storage;
    private readonly As2Options _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ReceiptAnswer _answer;
    private readonly ReceiptIntake _receipts;
    private readonly WireCapture _capture;
    private readonly PayloadRoutes? _routes;

    /// <summary>Creates a receiver.</summary>
    /// <param name="partners">With whom.</param>
    /// <param name="storage">What remembers.</param>
    /// <param name="options">Settings.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">The log.</param>
    /// <param name="routes">
    /// The destinations: what goes into a mailbox of the same store is delivered with the accepting commit. Null: everything is left to
    /// <see cref="PayloadDelivery"/>.
    /// </param>
    public As2Receiver(
        PartnerServices partners, StorageServices storage, IOptions<As2Options> options, TimeProvider clock, ILogger<As2Receiver> logger,
        PayloadRoutes? routes = null)
    {
        (_partners, _storage, _options, _clock, _logger, _routes) = (partners, storage, options.Value, clock, logger, routes);
        _answer = new ReceiptAnswer(partners, _options, clock);
        _capture = new WireCapture(_options, clock, logger);
        _receipts = new ReceiptIntake(partners.Certificates, storage, clock, logger);
    }

    /// <summary>
    /// The receive walk (RFC 4130 §4–7):
    /// 1 read the headers; 2 find the partnership; 3 gate; 4 peel the layers while the bytes stream past, the payload going
    /// straight into the store's writer; 5 compare what was found with what was agreed; 6 take the MIC over the captured octets;
    /// 7 recognise a duplicate; 8 write the receipt; 9 commit message, payload, receipt, mailbox files and delivery jobs in one transaction;
    /// 10 answer. Nothing positive leaves before step 9 returned.
    /// </summary>
    /// <exception cref="As2Exception">A fault of ours that no partner caused, other than a store that cannot take the message.</exception>
    /// <exception cref="IOException">The body ended early: no answer is possible.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReceiveResult> ReceiveAsync(As2Request request, CancellationToken cancellationToken)
    {
        using var watch = ReceiveWatch.Begin(request, _clock);
        return watch.End(await ReceiveAsync(request, watch, cancellationToken).ConfigureAwait(false));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceiveResult> ReceiveAsync(As2Request request, ReceiveWatch watch, CancellationToken cancellationToken)
    {
        // 1 — RFC 4130 §5–6
        if (!RequestHead.TryRead(request.Headers, out var head, out var reason))
            return TurnAway(400, reason, request);

        // 2 — RFC 4130 §6.2
        (var partnership, head) = await FindPartnershipAsync(head, request.Headers, cancellationToken).ConfigureAwait(false);
        if (partnership is null)
            return AnswerStranger(request, head);
        watch.Partnership = partnership;

        // 3
        if (await AskGateAsync(request, head, partnership, cancellationToken).ConfigureAwait(false) is { } closed)
            return closed;
        if (_storage.Health?.Check() is { Reason: { } trouble } health)
            return Log(ReceiveResult.TurnAway(503, trouble, health.RetryAfter), request);
        using var transfer = InboundTransfer.Begin(request, (partnership.Partner, partnership.Local), _storage.Partials, out var refusal);
        if (refusal is not null)
            return Log(refusal, request);
        var result = await TakeAsync(transfer?.Request ?? request, head, partnership, cancellationToken).ConfigureAwait(false);
        return transfer?.Conclude(result) ?? result;
    }

    /// <summary>
    /// Answers a restart query: how much is held of a transfer that was cut (draft-harding-as2-restart §4.2). Nothing is held for
    /// strangers, and they hear the same as partners of whose transfer nothing is held. Either order of the names is understood.
    /// </summary>
    public async ValueTask<RestartAnswer> QueryAsync(HeaderFields headers, CancellationToken cancellationToken)
    {
        if (_storage.Partials is not { } bodies || TransferTag.Read(headers[TransferTag.HeaderName]) is not { } tag
            || !RequestHead.TryReadNames(headers, out var names, out _))
            return default;
        var held = await HeldAsync(bodies, new(names.From, names.To, tag), cancellationToken).ConfigureAwait(false);
        return held is null or > 0
            ? RestartAnswer.Of(held)
            : RestartAnswer.Of(await HeldAsync(bodies, new(names.To, names.From, tag), cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<long?> HeldAsync(PartialBodies bodies, TransferTag tag, CancellationToken cancellationToken)
        => await _partners.Directory.FindAsync(tag.To, tag.From, cancellationToken).ConfigureAwait(false) is null ? 0 : bodies.LengthOf(tag);

    /// <summary>Steps 4 to 10 of a body that is whole, wherever its parts came from.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceiveResult> TakeAsync(As2Request request, RequestHead head, Partnership partnership, CancellationToken cancellationToken)
    {
        if (request.ContentLength > partnership.Receiving.MaxMessageBytes)
            return TurnAway(413, $"{request.ContentLength} bytes are more than the agreement {partnership} allows", request);
        using var captured = _capture.Begin(partnership, "in", "POST / HTTP/1.1", request.Headers);
        using var body = new RequestBody(request, partnership.Receiving.MaxMessageBytes) { Capture = captured };
        try
        {
            if (await body.IsReceiptAsync(cancellationToken).ConfigureAwait(false))
                return await _receipts.TakeAsync(request, body, partnership, cancellationToken).ConfigureAwait(false);
            if (!head.HasMessageId)
                return TurnAway(400, "there is no Message-ID", request);
            if (_partners.Keys.IsFull)
                return Log(ReceiveResult.TurnAway(503, "too many messages wait for an operation with a private key", s_overload), request);
            if (await OverQuotaAsync(head, partnership, cancellationToken).ConfigureAwait(false) is { Reason: { } reason } quota)
                return ReceiveResult.TurnAway(503, reason, quota.RetryAfter);

            // 4, 5, 6 — RFC 4130 §4.2 and §7.3.1, RFC 5402 §3–4
            await using var message = new InboundMessage(request, head, partnership, _storage.Blobs, _options) { Started = _clock.GetTimestamp() };
            message.Conclude(await PeelAsync(message, body, cancellationToken).ConfigureAwait(false));
            await LearnAsync(message, body.Total, cancellationToken).ConfigureAwait(false);

            // 7, 8, 9 — RFC 4130 §7.4–7.5
            var result = message.Fault is null
                ? await AcceptAsync(message, cancellationToken).ConfigureAwait(false)
                : await RefuseAsync(message, cancellationToken).ConfigureAwait(false);

            // 10
            await HoldFailureAsync(message, cancellationToken).ConfigureAwait(false);
            return result;
        }
        catch (BodyTooLargeException)
        {
            return TurnAway(413, $"the body is longer than the agreement {partnership} allows", request);
        }
        catch (RangeRefusedException range)
        {
            return Log(InboundTransfer.Refuse(range.Held, "the range does not continue what is held"), request);
        }
        catch (As2Exception e) when (e.Id.StartsWith("AS2-STORE-", StringComparison.Ordinal))
        {
            LogStoreTrouble(head.From.Value, head.MessageId, e);
            return ReceiveResult.TurnAway(503, e.Message, s_storeTrouble);
        }
    }

    /// <summary>Step 2: the names as they stand, and only where they name nobody the other readings of them.</summary>
    private async ValueTask<(Partnership? Partnership, RequestHead Head)> FindPartnershipAsync(
        RequestHead head, HeaderFields headers, CancellationToken cancellationToken)
    {
        if (await _partners.Directory.FindAsync(head.To, head.From, cancellationToken).ConfigureAwait(false) is { } literal)
            return (literal, head);
        foreach (var reading in head.OtherReadings(headers))
        {
            if (await _partners.Directory.FindAsync(reading.To, reading.From, cancellationToken).ConfigureAwait(false) is { } partnership)
                return (partnership, reading);
        }
        return (null, head);
    }

    /// <summary>Step 3: what the host says about this caller under this agreement; null: it may come in.</summary>
    private async ValueTask<ReceiveResult?> AskGateAsync(As2Request request, RequestHead head, Partnership partnership, CancellationToken cancellationToken)
    {
        if (request.Gate is null || await request.Gate.AdmitAsync(partnership, cancellationToken).ConfigureAwait(false) is not { Reason: { } reason } answer)
            return null;
        if (answer.Status != 0)
            return Log(ReceiveResult.TurnAway(answer.Status, reason, answer.RetryAfter), request);
        LogKeptOut(head.From.Value, head.To.Value, reason, request.Reference, request.RemoteAddress);
        return Decline(request, head);
    }

    /// <summary>What this message says about its sender, and how large it was.</summary>
    private static ValueTask LearnAsync(InboundMessage message, long bytes, CancellationToken cancellationToken)
    {
        Measures.Measure(message.Head.Key, bytes);
        var isProven = message.Fault is null && message.Trace.IsSigned;
        return message.Request.Gate is { } gate && (isProven || message.Trace.Fault is not null) ? gate.LearnAsync(isProven, cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Step 3 for a message: its organisation's quota. One that came before is answered whatever the quota says.</summary>
    private async ValueTask<StoreHealth> OverQuotaAsync(RequestHead head, Partnership partnership, CancellationToken cancellationToken)
    {
        if (_storage.Quotas is not { } quotas)
            return default;
        var answer = await quotas.CheckAsync(partnership.Local, cancellationToken).ConfigureAwait(false);
        return answer.TakesWork || await _storage.Journal.FindAsync(head.Key, cancellationToken).ConfigureAwait(false) is not null ? default : answer;
    }

    /// <summary>Step 4, with the digests of step 6: one pass over the body.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LayerTrace> PeelAsync(InboundMessage message, RequestBody body, CancellationToken cancellationToken)
    {
        using var span = As2Telemetry.Step(SpanNames.Peel);
        var (certificates, now) = (_partners.Certificates, _clock.GetUtcNow());
        using var reader = new LayerReader(message.Request.Headers, new LayerReaderOptions
        {
            DecryptionKeys = await certificates.SelectAsync(message.Partnership, CertificateRole.Decrypt, now, cancellationToken).ConfigureAwait(false),
            VerificationCertificates = await certificates.SelectAsync(message.Partnership, CertificateRole.Verify, now, cancellationToken).ConfigureAwait(false),
            MicDigests = message.MicDigests,
            AcceptExpiredSignerCertificate = message.Partnership.Receiving.AcceptExpiredSignerCertificate,
            Limits = _options.Limits,
            Quirks = message.Partnership.Quirks,
            Now = now,
        }, message.Payloads);
        ReadOnlyMemory<byte> block;
        while (!(block = await body.ReadAsync(cancellationToken).ConfigureAwait(false)).IsEmpty)
        {
            using (await TurnAsync(message.Request, cancellationToken).ConfigureAwait(false))
            using (await _partners.Keys.EnterAsync(isLast: false, cancellationToken).ConfigureAwait(false))
                reader.Push(block.Span);
            message.Capture.Take(block, isLast: body.IsAtEnd);
            CrashPoint.Hit("I1");
        }
        using (await TurnAsync(message.Request, cancellationToken).ConfigureAwait(false))
            return reader.Complete();
    }

    private static ValueTask<IDisposable?> TurnAsync(As2Request request, CancellationToken cancellationToken)
        => request.Gate?.TakeTurnAsync(cancellationToken) ?? default;

    /// <summary>Steps 7 to 9 of a message that keeps its agreement.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceiveResult> AcceptAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        if (await _storage.Journal.FindAsync(message.Head.Key, cancellationToken).ConfigureAwait(false) is { } earlier)
            return await RepeatAsync(message, earlier, cancellationToken).ConfigureAwait(false);

        var receipt = await _answer.WriteAsync(message, message.Disposition, cancellationToken).ConfigureAwait(false);
        var payloads = await message.Payloads.CommitAsync(cancellationToken).ConfigureAwait(false);
        CrashPoint.Hit("I3");
        var stored = message.ToStored(MessageState.Delivered, payloads, receipt, _clock.GetUtcNow());
        var plan = DeliveryPlan.Of(stored, RoutesOf(message), _routes);
        var started = _clock.GetTimestamp();
        var accepted = await StoreAsync(new NewMessage
        {
            Message = plan.Jobs.Count == 0 ? stored : stored with { State = MessageState.Accepted },
            Jobs = [.. plan.Jobs, .. message.ReceiptJobs(receipt)],
            Mailbox = plan.Mailbox,
            Events = [("received", message.Story()), .. message.ReceiptEvents(receipt), .. plan.Events],
        }, cancellationToken).ConfigureAwait(false);
        CrashPoint.Hit("I5");
        if (!accepted.IsNew)
            return await RepeatAsync(message, accepted.Earlier!, cancellationToken).ConfigureAwait(false);

        plan.Measure(_clock.GetElapsedTime(started));
        message.Count(receipt);
        LogAccepted(message.Head.From.Value, message.Head.MessageId, stored.Id, stored.Security);
        return message.Answer(ReceiveOutcome.Accepted, stored, receipt);
    }

    /// <summary>Step 9.</summary>
    private async ValueTask<AcceptOutcome> StoreAsync(NewMessage message, CancellationToken cancellationToken)
    {
        using var span = As2Telemetry.Step(SpanNames.Store);
        return await _storage.Messages.AcceptAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Who gets the payloads: a certificate exchange is for the engine itself, not for the customer.</summary>
    private IReadOnlyList<string> RoutesOf(InboundMessage message)
        => ExchangeGate.IsExchange(message.Payloads.Headers, message.Partnership) ? [ExchangeDestination.RouteName]
            : message.Partnership.Routes.Count > 0 ? message.Partnership.Routes : [.. _options.DefaultRoutes];

    /// <summary>
    /// Step 7 for a message that is here already: the receipt of the first copy, byte for byte. The same id over other content is
    /// refused: that receipt would confirm what never arrived.
    /// </summary>
    private async ValueTask<ReceiveResult> RepeatAsync(InboundMessage message, StoredMessage earlier, CancellationToken cancellationToken)
    {
        if (!message.IsSameAs(earlier))
        {
            message.Refuse(new LayerFault(Disposition.UnexpectedProcessingError, "RFC 4130 §5.3.3",
                $"The Message-ID was used before, for other content: message {earlier.Id}."));
            return await RefuseAsync(message, cancellationToken, Alert.Line(Alert.ReusedMessageId, $"message {earlier.Id} had it first")).ConfigureAwait(false);
        }
        Measures.Count(message.Head.Key, "duplicate", null);
        LogDuplicate(message.Head.From.Value, message.Head.MessageId, earlier.Id);
        var (receipt, disposition) = await _answer.RepeatAsync(message, earlier, cancellationToken).ConfigureAwait(false);
        var isOwn = receipt is not null && receipt != earlier.Receipt;
        // The first copy's row knows where its own receipt goes, and no other place.
        var goesElsewhere = receipt is not null && message.ReceiptUrl is not null && (isOwn || message.ReceiptUrl != earlier.ReceiptUrl);
        if (goesElsewhere)
            await KeepRepeatAsync(message, earlier, receipt!, disposition, cancellationToken).ConfigureAwait(false);
        await _storage.Messages.ReconcileAsync(earlier.Id, new Transition
        {
            From = [earlier.State],
            To = earlier.State,
            KeepsState = true,
            Job = JobOutcome.Continue,
            NewJobs = [.. message.ReceiptJobs(goesElsewhere ? null : earlier.Receipt)],
            Events = [("duplicate", "came again; not delivered again" + (receipt is null ? "" : isOwn ? $", answered with {disposition}" : ", answered with the stored receipt"))],
        }, cancellationToken).ConfigureAwait(false);
        return message.Answer(ReceiveOutcome.Duplicate, earlier, receipt, disposition);
    }

    /// <summary>A receipt for the repetition alone, to be posted later: a row of its own holds it, the first copy keeps its evidence.</summary>
    private async ValueTask KeepRepeatAsync(
        InboundMessage message, StoredMessage earlier, WireMessage receipt, Disposition disposition, CancellationToken cancellationToken)
        => await _storage.Messages.AcceptAsync(new NewMessage
        {
            Message = message.ToStored(MessageState.Refused, [], receipt, _clock.GetUtcNow()) with
            {
                Disposition = disposition.ToString(),
                Diagnosis = $"The message was taken before as {earlier.Id}; this copy was not.",
            },
            Jobs = [.. message.ReceiptJobs(receipt)],
            Events = [("duplicate", $"of {earlier.Id}"), .. message.ReceiptEvents(receipt)],
        }, cancellationToken).ConfigureAwait(false);

    /// <summary>Steps 8 and 9 of a refused message: kept for the operator, answered, and no duplicate key taken.</summary>
    private async ValueTask<ReceiveResult> RefuseAsync(
        InboundMessage message, CancellationToken cancellationToken, params (string Kind, string Text)[] alerts)
    {
        var fault = message.Fault!;
        var receipt = await _answer.WriteAsync(message, message.Disposition, cancellationToken).ConfigureAwait(false);
        var stored = message.ToStored(MessageState.Refused, [], receipt, _clock.GetUtcNow()) with
        {
            Wire = await message.Capture.CommitAsync(message.Request.Headers, cancellationToken).ConfigureAwait(false),
        };
        await StoreAsync(new NewMessage
        {
            Message = stored,
            Jobs = [.. message.ReceiptJobs(receipt)],
            Events = [("refused", $"{message.Disposition}: {fault.Diagnosis}"), .. alerts, .. message.ReceiptEvents(receipt)],
        }, cancellationToken).ConfigureAwait(false);
        Alert.Log(_logger, stored.Id, alerts);
        message.Count(receipt);
        LogRefused(message.Head.From.Value, message.Head.MessageId, message.Disposition.ToString(), fault.Diagnosis);
        return message.Answer(ReceiveOutcome.Refused, stored, receipt);
    }

    /// <summary>An unknown pair: an unsigned receipt where one was asked for on this connection (RFC 4130 §6.2), else 403.</summary>
    private ReceiveResult AnswerStranger(As2Request request, RequestHead head)
    {
        LogStranger(head.From.Value, head.To.Value, request.Reference, request.RemoteAddress);
        return Decline(request, head);
    }

    /// <summary>The same for everybody who has no business here, whatever the reason.</summary>
    private ReceiveResult Decline(As2Request request, RequestHead head)
        => _answer.ForStranger(request.Headers, head)
            ?? ReceiveResult.TurnAway(403, $"no partnership of {head.To} with {head.From}");

    private ReceiveResult TurnAway(int status, string reason, As2Request request) => Log(ReceiveResult.TurnAway(status, reason), request);

    private ReceiveResult Log(ReceiveResult refusal, As2Request request)
    {
        LogTurnedAway(refusal.StatusCode, refusal.Diagnosis!, request.Reference, request.RemoteAddress);
        return refusal;
    }

    /// <summary>Answers that refuse leave on a fixed grid, so that their timing tells nothing about where decryption failed.</summary>
    private async ValueTask HoldFailureAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        if (message.Fault is null || _options.FailureGrid <= TimeSpan.Zero)
            return;
        var elapsed = _clock.GetElapsedTime(message.Started);
        await Task.Delay(_options.FailureGrid - TimeSpan.FromTicks(elapsed.Ticks % _options.FailureGrid.Ticks), _clock, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(1001, LogLevel.Information, "Accepted {MessageId} from {Partner} as {Id}: {Security}")]
    private partial void LogAccepted(string partner, string? messageId, string id, string security);

    [LoggerMessage(1002, LogLevel.Information, "{MessageId} from {Partner} came again; answered with the receipt of {Id}")]
    private partial void LogDuplicate(string partner, string? messageId, string id);

    [LoggerMessage(1003, LogLevel.Warning, "Refused {MessageId} from {Partner} with {Disposition}: {Diagnosis}")]
    private partial void LogRefused(string partner, string? messageId, string disposition, string diagnosis);

    [LoggerMessage(1004, LogLevel.Warning, "No partnership of {Local} with {Partner}; request {Reference} from {Remote}")]
    private partial void LogStranger(string partner, string local, string? reference, string? remote);

    [LoggerMessage(1005, LogLevel.Warning, "Turned away with {Status}: {Reason}; request {Reference} from {Remote}")]
    private partial void LogTurnedAway(int status, string reason, string? reference, string? remote);

    [LoggerMessage(1007, LogLevel.Warning, "Kept out a caller as {Partner} to {Local}: {Reason}; request {Reference} from {Remote}")]
    private partial void LogKeptOut(string partner, string local, string reason, string? reference, string? remote);

    [LoggerMessage(1006, LogLevel.Error, "The store cannot take {MessageId} from {Partner}; the partner was asked to come again")]
    private partial void LogStoreTrouble(string partner, string? messageId, Exception e);
}
