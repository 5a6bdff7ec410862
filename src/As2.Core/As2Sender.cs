using System.Diagnostics;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Payloads;
using As2.Receipts;
using As2.Storage;
using As2.Telemetry;
using As2.Transmission;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2;

/// <summary>Sends AS2 messages and verifies their receipts; the mirror of <see cref="As2Receiver"/>. Thread-safe.</summary>
public sealed partial class As2Sender : IDisposable
{
    private static readonly MessageState[] s_packed =
        [MessageState.Packaged, MessageState.Sending, MessageState.RetryWait, MessageState.AwaitingReceipt, MessageState.Suspended];

    private readonly PartnerServices _partners;
    private readonly StorageServices _storage;
    private readonly HttpTransport _transport;
    private readonly MessagePacking _packing;
    private readonly MessagePost _post;
    private readonly As2Options _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly AttemptConclusion _conclusions;
    private readonly MicExplanation _explanation;
    private readonly PartnerCircuits _circuits;
    private readonly MessageOperations _operations;

    /// <summary>The store of a sender without a host; nobody else sees it.</summary>
    internal InMemoryStore? OwnStore { get; private init; }

    /// <summary>Creates a sender.</summary>
    public As2Sender(
        PartnerServices partners, StorageServices storage, HttpTransport transport, IOptions<As2Options> options, TimeProvider clock,
        ILogger<As2Sender> logger)
    {
        (_partners, _storage, _transport, _options, _clock, _logger) = (partners, storage, transport, options.Value, clock, logger);
        _packing = new MessagePacking(partners, storage, _options, clock);
        _post = new MessagePost(storage.Blobs, partners.Certificates, transport, _options, clock, logger);
        _conclusions = new AttemptConclusion(_options, clock);
        _explanation = new MicExplanation(storage.Blobs, clock);
        _circuits = new PartnerCircuits(storage.Standings(clock), "send", _options.FailuresBeforePause);
        _operations = new MessageOperations(partners, storage, options, clock);
    }

    /// <summary>
    /// A sender of its own, without a host: a message is in memory, a large one in a temporary file, until <see cref="SendAsync(Payload, Partnership, CancellationToken)"/>
    /// returns, and is then forgotten. Nobody tries again what had no outcome: for that, give a sender a store and a host its workers.
    /// </summary>
    /// <param name="book">Whom it deals with.</param>
    /// <param name="options">Settings. Default: all defaults.</param>
    public static As2Sender Create(PartnershipBook book, As2Options? options = null)
    {
        var store = new InMemoryStore(TimeProvider.System);
        return new As2Sender(
            new PartnerServices(book, book), new StorageServices(store, store, store), new HttpTransport(), Options.Create(options ?? new As2Options()),
            TimeProvider.System, NullLogger<As2Sender>.Instance) { OwnStore = store };
    }

    /// <summary>
    /// Sends a payload now and waits for the outcome of the first attempt. The message is durable before it leaves; when this attempt
    /// has no outcome, the workers of the host go on with it under the same Message-ID.
    /// </summary>
    /// <exception cref="As2Exception">AS2-SEND-001: the partnership has no endpoint; AS2-CERT-*: a key is missing; AS2-STORE-*.</exception>
    public ValueTask<SendResult> SendAsync(Payload payload, Partnership partnership, CancellationToken cancellationToken)
        => SendAsync([payload], partnership, cancellationToken);

    /// <summary>
    /// Sends several payloads as one message (RFC 6362), the first as its root: one signature, one MIC, one receipt, all or none. The
    /// partner's product must know multiple attachments.
    /// </summary>
    /// <param name="payloads">At least one.</param>
    /// <param name="partnership">With whom.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="As2Exception">As for one payload.</exception>
    public async ValueTask<SendResult> SendAsync(IReadOnlyList<Payload> payloads, Partnership partnership, CancellationToken cancellationToken)
    {
        var message = await StoreAsync(payloads, partnership, cancellationToken).ConfigureAwait(false);
        var job = await SubmitTracedAsync(message with { LeaseToCaller = _options.Lease }, cancellationToken).ConfigureAwait(false);
        try
        {
            return await AttemptAsync(job!, int.MaxValue, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Nobody else sees that store, and no worker goes on with what it holds.
            if (OwnStore is { } store)
                await store.ForgetAsync(message.Message.Id).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a payload for sending by the workers; durable when this returns.</summary>
    /// <returns>Our identifier of the message.</returns>
    /// <exception cref="As2Exception">AS2-SEND-001: the partnership has no endpoint; AS2-STORE-*.</exception>
    public async ValueTask<string> SubmitAsync(Payload payload, Partnership partnership, CancellationToken cancellationToken)
        => await SubmitAsync([payload], partnership, cancellationToken).ConfigureAwait(false);

    /// <summary>Takes several payloads as one message (RFC 6362) for sending by the workers; durable when this returns.</summary>
    /// <returns>Our identifier of the message.</returns>
    /// <exception cref="As2Exception">AS2-SEND-001: the partnership has no endpoint; AS2-STORE-*.</exception>
    public async ValueTask<string> SubmitAsync(IReadOnlyList<Payload> payloads, Partnership partnership, CancellationToken cancellationToken)
        => await SubmitAsync(await StoreAsync(payloads, partnership, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Takes a file of an account's <c>outbox</c>: the message and the file's place in the mailbox are one transaction.</summary>
    /// <param name="file">The file; its content is durable already. Sub-folders in its name are not told to the partner.</param>
    /// <param name="replaces">The file of the account that this one was, folder and name, or null. When it is gone, nothing is taken.</param>
    /// <param name="partnership">With whom.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Our identifier of the message.</returns>
    /// <exception cref="As2Exception">AS2-SEND-001: the partnership has no endpoint; AS2-STORE-013: the replaced file is gone; AS2-STORE-*.</exception>
    public ValueTask<string> SubmitAsync(
        Routes.MailboxFile file, (string Folder, string Name)? replaces, Partnership partnership, CancellationToken cancellationToken)
        => SubmitAsync(
            Routes.OutboxMoves.Begin(NewMessage([Routes.OutboxMoves.PayloadOf(file, partnership)], partnership), file, replaces), cancellationToken);

    /// <summary>
    /// Takes a payload that is durable already, once for each key: called again with the same key, by whomever and after whatever
    /// crash, it gives the message of the first call. For files that are claimed outside.
    /// </summary>
    /// <param name="key">The caller's key, unique for each file that is to be sent; kept as long as the message is.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="origin">Where it came from: the route that is told of the outcome, or null; see <see cref="StoredMessage.Account"/>.</param>
    /// <param name="partnership">With whom.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Our identifier of the message.</returns>
    /// <exception cref="As2Exception">AS2-SEND-001: the partnership has no endpoint; AS2-STORE-*.</exception>
    public ValueTask<string> SubmitOnceAsync(
        string key, StoredPayload payload, string? origin, Partnership partnership, CancellationToken cancellationToken)
        => SubmitOnceAsync(key, [payload], origin, partnership, cancellationToken);

    /// <summary>The same with several payloads, at least one, as one message (RFC 6362).</summary>
    /// <inheritdoc cref="SubmitOnceAsync(string, StoredPayload, string?, Partnership, CancellationToken)"/>
    public async ValueTask<string> SubmitOnceAsync(
        string key, IReadOnlyList<StoredPayload> payloads, string? origin, Partnership partnership, CancellationToken cancellationToken)
    {
        var message = NewMessage(payloads, partnership, MessageId.FromKey(_options.MessageIdHost, key));
        if (await _storage.Journal.FindAsync(message.Message.Key, cancellationToken).ConfigureAwait(false) is { } earlier)
            return earlier.Id;
        try
        {
            return await SubmitAsync(message with { Message = message.Message with { Account = origin } }, cancellationToken).ConfigureAwait(false);
        }
        catch (As2Exception taken) when (taken.Id == "AS2-STORE-009")
        {
            var other = await _storage.Journal.FindAsync(message.Message.Key, cancellationToken).ConfigureAwait(false);
            return other?.Id ?? throw new As2Exception(taken.Id, taken.Message, taken);
        }
    }

    /// <summary>
    /// The send walk, one attempt: 1 find message and partnership; 2 pack once — layers (the MIC falls out of the signing step),
    /// headers, wire bytes and Message-ID stored together; 3 commit the attempt; 4 post; 5 verify the receipt; 6 record the outcome, or
    /// retry later with the same bytes and the same id.
    /// </summary>
    /// <param name="job">A claimed sending job; its lease is renewed while the attempt lasts.</param>
    /// <param name="cancellationToken">Ends the attempt; its outcome is then unknown, and the same bytes go again.</param>
    public ValueTask<SendResult> AttemptAsync(Job job, CancellationToken cancellationToken)
        => AttemptAsync(job, PartnerCircuits.MostOfWorkers, cancellationToken);

    private async ValueTask<SendResult> AttemptAsync(Job job, int mostUnderWay, CancellationToken cancellationToken)
    {
        // 1
        var message = await _storage.Journal.GetAsync(job.MessageId, cancellationToken).ConfigureAwait(false)
            ?? throw new As2Exception("AS2-SEND-002", $"Message {job.MessageId} of sending job {job.Id} is not in the store.");
        using var watch = SendWatch.Begin(message, _clock);
        return watch.End(await AttemptAsync(job, message, mostUnderWay, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<SendResult> AttemptAsync(Job job, StoredMessage message, int mostUnderWay, CancellationToken cancellationToken)
    {
        var partnership = await _partners.Directory.FindAsync(message.Key.Local, message.Key.Partner, cancellationToken).ConfigureAwait(false);
        if (partnership?.Endpoint is null)
            return await RecordAsync(job, message, _conclusions.Suspend(message, partnership, "the partnership is gone, or has no endpoint"), cancellationToken).ConfigureAwait(false);

        using var turn = await _circuits.EnterAsync(partnership, mostUnderWay, cancellationToken).ConfigureAwait(false);
        if (turn.Pause is { } pause)
            return await RecordAsync(job, message, _conclusions.Postpone(message, partnership, pause), cancellationToken).ConfigureAwait(false);
        try
        {
            return await CarryOutAsync(job, message, partnership, cancellationToken).ConfigureAwait(false);
        }
        catch (As2Exception fault) when (fault.Id == StoreFault.ContentLost || fault.Id.StartsWith("AS2-CERT-", StringComparison.Ordinal))
        {
            await SuspendAsync(job, partnership, fault.Message, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<SendResult> CarryOutAsync(Job job, StoredMessage message, Partnership partnership, CancellationToken cancellationToken)
    {
        await using var lease = new JobLease(_storage.Messages, job, _options.Lease, _clock, cancellationToken);
        // 2 — RFC 4130 §4.1
        if (message.Wire is null)
        {
            message = await _packing.PackAsync(job, message, partnership, lease.Token).ConfigureAwait(false);
            CrashPoint.Hit("O4");
        }
        // 3
        if (!await BeginAsync(job, message, lease.Token).ConfigureAwait(false))
            return new SendResult { Id = message.Id, MessageId = message.MessageId, State = message.State, Reason = "another worker, or a receipt, came first" };
        CrashPoint.HitIfNamed(message.Attempts == 0 ? "O5" : "O9");
        // 4 — RFC 4130 §5
        var outcome = await _post.PostAsync(message, partnership, lease.Token).ConfigureAwait(false);
        CrashPoint.Hit("O7");
        // 5, 6 — RFC 4130 §7.5
        using var span = As2Telemetry.Step(SpanNames.Receipt);
        var agreed = await _partners.Certificates.SelectAsync(partnership, CertificateRole.VerifyReceipt, _clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        var begun = message with { State = MessageState.Sending, Attempts = message.Attempts + 1 };
        var conclusion = _conclusions.Conclude(begun, partnership, outcome, agreed);
        if (conclusion.Step.To == MessageState.MicMismatch
            && await _explanation.InDigestOfAsync(conclusion.Receipt, begun, partnership, cancellationToken).ConfigureAwait(false) is { } known)
            conclusion = _conclusions.Conclude(known, partnership, outcome, agreed);
        var step = await _explanation.AddAsync(conclusion.Step, begun, partnership, conclusion.Receipt, cancellationToken).ConfigureAwait(false);
        var result = await RecordAsync(job, begun, conclusion with { Step = step, Reason = step.Diagnosis ?? conclusion.Reason }, cancellationToken).ConfigureAwait(false);
        await LearnAsync(partnership, outcome, conclusion, cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>
    /// Tries at once what is suspended for a partner, after its certificate, address or password was mended. Without it they go on by
    /// themselves within the hour.
    /// </summary>
    /// <returns>How many messages are due now.</returns>
    public async ValueTask<int> ResumeAsync(As2Identifier local, As2Identifier partner, CancellationToken cancellationToken)
    {
        await _circuits.ForgetAsync(local, partner, cancellationToken).ConfigureAwait(false);
        return await _operations.ResumeAsync(local, partner, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Only a person mends a missing key or a lost file: somebody is told, instead of the worker trying for ever.</summary>
    private async ValueTask SuspendAsync(Job job, Partnership partnership, string reason, CancellationToken cancellationToken)
    {
        if (await _storage.Journal.GetAsync(job.MessageId, cancellationToken).ConfigureAwait(false) is { } message)
            await RecordAsync(job, message, _conclusions.Suspend(message, partnership, reason), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What this attempt says of the partner: whether the others shall wait, or need not wait any longer.</summary>
    private async ValueTask LearnAsync(Partnership partnership, PostOutcome outcome, Conclusion conclusion, CancellationToken cancellationToken)
    {
        if (conclusion.Step.To == MessageState.Suspended)
            await _circuits.RefusedAsync(partnership, conclusion.Step.RetryAfter, conclusion.Reason, cancellationToken).ConfigureAwait(false);
        else if (outcome.IsOfTheMoment)
            await _circuits.FailedAsync(partnership, conclusion.Reason, cancellationToken).ConfigureAwait(false);
        else if (await _circuits.AnsweredAsync(partnership, cancellationToken).ConfigureAwait(false))
            await _operations.ResumeAsync(partnership.Local, partnership.Partner, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<SendResult> RecordAsync(Job job, StoredMessage message, Conclusion conclusion, CancellationToken cancellationToken)
    {
        // A step that came too late changed nothing, and nobody is to be alarmed.
        if (await _storage.Messages.ApplyAsync(job, conclusion.Step, cancellationToken).ConfigureAwait(false))
            Alert.Log(_logger, message.Id, conclusion.Step.Events);
        LogConcluded(message.MessageId, message.Key.Partner.Value, conclusion.Step.To, conclusion.Reason);
        return new SendResult
        {
            Id = message.Id,
            MessageId = message.MessageId,
            State = conclusion.Step.To,
            Disposition = conclusion.Receipt?.Notification?.Disposition,
            Receipt = conclusion.Receipt,
            Reason = conclusion.Reason,
        };
    }

    [LoggerMessage(2001, LogLevel.Information, "{MessageId} to {Partner} is {State}: {Reason}")]
    private partial void LogConcluded(string messageId, string partner, MessageState state, string reason);

    /// <summary>Closes its connections, and removes the temporary files of a store of its own.</summary>
    public void Dispose()
    {
        _transport.Dispose();
        OwnStore?.Dispose();
    }

    private async ValueTask<NewMessage> StoreAsync(IReadOnlyList<Payload> payloads, Partnership partnership, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(payloads.Count);
        var stored = new List<StoredPayload>(payloads.Count);
        foreach (var payload in payloads)
            stored.Add(await _packing.StoreAsync(payload, partnership.ContentType, cancellationToken).ConfigureAwait(false));
        return NewMessage(stored, partnership);
    }

    private NewMessage NewMessage(IReadOnlyList<StoredPayload> payloads, Partnership partnership)
        => NewMessage(payloads, partnership, MessageId.New(_options.MessageIdHost, _clock.GetUtcNow()));

    private static NewMessage NewMessage(IReadOnlyList<StoredPayload> payloads, Partnership partnership, string messageId)
    {
        if (partnership.Endpoint is null)
            throw new As2Exception("AS2-SEND-001", $"The partnership {partnership} has no endpoint: set Partnership.Endpoint to the partner's address.");
        return new NewMessage
        {
            Message = new StoredMessage
            {
                Id = IdentifierBits.Uuid(),
                Key = new MessageKey(MessageDirection.Outbound, partnership.Local, partnership.Partner, MessageId.KeyOf(messageId)),
                MessageId = messageId,
                State = MessageState.Submitted,
                Payloads = payloads,
            },
            Jobs = [new NewJob(JobKind.Send)],
            Events = [.. payloads.Select(p => ("submitted", $"{p.FileName ?? "a payload"}, {p.Content.Length} bytes"))],
        };
    }

    private async ValueTask<string> SubmitAsync(NewMessage message, CancellationToken cancellationToken)
    {
        await SubmitTracedAsync(message, cancellationToken).ConfigureAwait(false);
        return message.Message.Id;
    }

    /// <summary>Durable when this returns; what is done later joins the trace that is running now, or the one that begins here.</summary>
    private async ValueTask<Job?> SubmitTracedAsync(NewMessage message, CancellationToken cancellationToken)
    {
        using var span = As2Telemetry.Start(SpanNames.Submit, ActivityKind.Internal, parent: null)?
            .SetTag(TagNames.Id, message.Message.Id).SetTag(TagNames.Partner, message.Message.Key.Partner.Value);
        if (As2Telemetry.Context is { } context)
            message = message with { Message = message.Message with { TraceParent = context } };
        return await _storage.Messages.SubmitAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Step 3: after a crash the store says that an attempt was begun, never that nothing was sent.</summary>
    private ValueTask<bool> BeginAsync(Job job, StoredMessage message, CancellationToken cancellationToken)
        => _storage.Messages.ApplyAsync(job, new Transition
        {
            From = s_packed,
            To = MessageState.Sending,
            Job = JobOutcome.Continue,
            CountAttempt = true,
            Events = [("attempt", $"number {message.Attempts + 1}")],
        }, cancellationToken);
}
