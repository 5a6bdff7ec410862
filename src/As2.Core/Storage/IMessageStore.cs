using As2.Routes;

namespace As2.Storage;

/// <summary>
/// The durable memory of a gateway. Every method is one transaction; a method that returned is durable. Thread-safe.
/// </summary>
public interface IMessageStore
{
    /// <summary>
    /// Step 9 of the receive walk: message, payloads, receipt, jobs and history in one commit. A message whose
    /// <see cref="MessageState"/> is <see cref="MessageState.Refused"/> takes no duplicate key.
    /// </summary>
    ValueTask<AcceptOutcome> AcceptAsync(NewMessage message, CancellationToken cancellationToken);

    /// <summary>Takes an outbound message with its sending job, in one commit with the mailbox files it came from.</summary>
    /// <returns>The job, leased to the caller, when <see cref="NewMessage.LeaseToCaller"/> is set; otherwise null.</returns>
    /// <exception cref="As2Exception">AS2-STORE-009: the key is taken; a Message-ID is made once.</exception>
    ValueTask<Job?> SubmitAsync(NewMessage message, CancellationToken cancellationToken);

    /// <summary>Claims due jobs, oldest first, for <paramref name="lease"/>.</summary>
    ValueTask<IReadOnlyList<Job>> ClaimAsync(JobKind kind, int max, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Lengthens a lease. False: fenced, stop now.</summary>
    ValueTask<bool> RenewAsync(Job job, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Applies one step under the job's fence. False: fenced or not legal any more, and nothing was changed.</summary>
    ValueTask<bool> ApplyAsync(Job job, Transition transition, CancellationToken cancellationToken);

    /// <summary>
    /// Applies one step that comes from outside a job: an asynchronous receipt, an operator. Jobs of kind
    /// <see cref="JobKind.Send"/> of that message end with it when <see cref="Transition.Job"/> is <see cref="JobOutcome.Done"/>,
    /// and become due again after <see cref="Transition.RetryAfter"/> when it is <see cref="JobOutcome.Retry"/> (made anew if there
    /// is none). False: not legal from the present state.
    /// </summary>
    ValueTask<bool> ReconcileAsync(string messageId, Transition transition, CancellationToken cancellationToken);
}

/// <summary>Reads what the store holds. Thread-safe; never waits for a writer.</summary>
public interface IMessageJournal
{
    /// <summary>The message with this duplicate key, or null. Step 7 of the receive walk, and the correlation of receipts.</summary>
    ValueTask<StoredMessage?> FindAsync(MessageKey key, CancellationToken cancellationToken);

    /// <summary>The message with this identifier of ours, or null.</summary>
    ValueTask<StoredMessage?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Messages without their contents, newest first.</summary>
    ValueTask<IReadOnlyList<MessageSummary>> ListAsync(MessageQuery query, CancellationToken cancellationToken);

    /// <summary>The whole history of one message, oldest first.</summary>
    /// <param name="id">Our identifier of the message.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<IReadOnlyList<MessageEvent>> GetHistoryAsync(string id, CancellationToken cancellationToken);

    /// <summary>Events after a sequence, oldest first.</summary>
    ValueTask<IReadOnlyList<MessageEvent>> ListEventsAsync(long afterSequence, int max, CancellationToken cancellationToken);

    /// <summary>The events of kind <see cref="Alert.Kind"/> after a sequence, oldest first.</summary>
    ValueTask<IReadOnlyList<MessageEvent>> ListAlertsAsync(long afterSequence, int max, CancellationToken cancellationToken);
}

/// <summary>A message on its way into the store.</summary>
public sealed record NewMessage
{
    /// <summary>The message; the store sets its times.</summary>
    public required StoredMessage Message { get; init; }

    /// <summary>The work that follows it.</summary>
    public IReadOnlyList<NewJob> Jobs { get; init; } = [];

    /// <summary>Mailbox files that change in the same transaction.</summary>
    public IReadOnlyList<MailboxChange> Mailbox { get; init; } = [];

    /// <summary>Lines for the message's history: kind and text.</summary>
    public IReadOnlyList<(string Kind, string Text)> Events { get; init; } = [];

    /// <summary>Leases the first job to the caller for this long. Null: the workers take it.</summary>
    public TimeSpan? LeaseToCaller { get; init; }
}

/// <summary>What <see cref="IMessageStore.AcceptAsync"/> found.</summary>
/// <param name="IsNew">True: it was stored.</param>
/// <param name="Earlier">The message that already has this key, when it was not.</param>
public sealed record AcceptOutcome(bool IsNew, StoredMessage? Earlier);
