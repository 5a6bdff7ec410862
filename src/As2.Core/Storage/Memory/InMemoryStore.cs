using As2.Agreements;
using As2.Routes;

namespace As2.Storage;

/// <summary>
/// Every store contract in memory, for programs that compose their own service and for tests: what it holds ends with the process.
/// Large contents go to temporary files, so that memory stays flat. Thread-safe.
/// </summary>
public sealed class InMemoryStore : IMessageStore, IMessageJournal, IMailboxStore, IBlobStore, IStoreKeeping, IStoreHealth, IStoreUsage, Restart.IHasFolder, IDisposable, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredMessage> _messages = [];
    private readonly Dictionary<MessageKey, string> _keys = [];
    private readonly MemoryEvents _events = new();
    private readonly MemoryMailbox _mailbox = new();
    private readonly MemoryJobs _jobs;
    private readonly StoreClock _clock;
    private readonly TemporaryBlobs _blobs;

    /// <param name="time">The store's clock. Default: the system's.</param>
    /// <param name="signal">Pulsed when a job is due now.</param>
    public InMemoryStore(TimeProvider? time = null, JobSignal? signal = null)
    {
        _clock = new StoreClock(time ?? TimeProvider.System);
        _jobs = new MemoryJobs(_clock);
        _blobs = new TemporaryBlobs(time ?? TimeProvider.System);
        Signal = signal ?? new JobSignal(time);
    }

    /// <summary>Pulsed when a job is due now.</summary>
    public JobSignal Signal { get; }

    /// <inheritdoc/>
    public ValueTask<AcceptOutcome> AcceptAsync(NewMessage message, CancellationToken cancellationToken) => Run(message, static (store, message) =>
    {
        if (store._keys.TryGetValue(message.Message.Key, out var earlier) && message.Message.State != MessageState.Refused)
            return new AcceptOutcome(false, store._messages[earlier]);
        store.Insert(message);
        return new AcceptOutcome(true, null);
    }, message.Jobs, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Job?> SubmitAsync(NewMessage message, CancellationToken cancellationToken) => Run(
        () => _keys.ContainsKey(message.Message.Key) ? throw StoreFault.DuplicateKey(message.Message.Key) : Insert(message),
        message.LeaseToCaller is null ? message.Jobs : message.Jobs.Skip(1),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Job>> ClaimAsync(JobKind kind, int max, TimeSpan lease, CancellationToken cancellationToken)
        => Run(() => _jobs.Claim(kind, max, lease), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(Job job, TimeSpan lease, CancellationToken cancellationToken)
        => Run(() => _jobs.Renew(job, lease), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ApplyAsync(Job job, Transition transition, CancellationToken cancellationToken) => Run(() =>
    {
        if (!_jobs.IsOwned(job) || Legal(job.MessageId, transition) is not { } message)
            return false;
        var stays = transition.KeepsState || transition.WhenLastOfKind && (transition.Job != JobOutcome.Done || !_jobs.IsLastOfKind(job));
        _jobs.End(job, transition);
        Change(message, stays ? message.State : transition.To, transition);
        return true;
    }, transition.JobsDue(job.Kind), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReconcileAsync(string messageId, Transition transition, CancellationToken cancellationToken) => Run(() =>
    {
        if (Legal(messageId, transition) is not { } message)
            return false;
        _jobs.Reconcile(messageId, transition);
        Change(message, transition.KeepsState ? message.State : transition.To, transition);
        return true;
    }, transition.JobsDue(JobKind.Send), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredMessage?> FindAsync(MessageKey key, CancellationToken cancellationToken)
        => Run(key, static (store, key) => store._keys.TryGetValue(key, out var id) ? store._messages[id] : null, [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredMessage?> GetAsync(string id, CancellationToken cancellationToken)
        => Run(() => _messages.GetValueOrDefault(id), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageSummary>> ListAsync(MessageQuery query, CancellationToken cancellationToken)
        => Run(() => MemoryQuery.List(_messages.Values, query), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> GetHistoryAsync(string id, CancellationToken cancellationToken)
        => Run(() => _events.Of(id), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> ListEventsAsync(long afterSequence, int max, CancellationToken cancellationToken)
        => Run(() => _events.After(afterSequence, max), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> ListAlertsAsync(long afterSequence, int max, CancellationToken cancellationToken)
        => Run(() => _events.After(afterSequence, max, Alert.Kind), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MailboxFile>> ListAsync(string account, string folder, CancellationToken cancellationToken)
        => Run(() => _mailbox.List(account, folder), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<(long Files, long Bytes)> MeasureAsync(string account, CancellationToken cancellationToken)
        => Run(() => _mailbox.Measure(account), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<MailboxFile?> FindAsync(string account, string folder, string name, CancellationToken cancellationToken)
        => Run(() => _mailbox.Find(account, folder, name), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> AddAsync(MailboxFile file, CancellationToken cancellationToken)
        => Run(() => _mailbox.Add(file with { Modified = StoreClock.Moment(_clock.Wall) }), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RenameAsync(
        string account, (string Folder, string Name) from, (string Folder, string Name) to, CancellationToken cancellationToken)
        => Run(() => _mailbox.Rename(account, from, to), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(string account, string folder, string name, CancellationToken cancellationToken)
        => Run(() => _mailbox.Remove(account, folder, name), [], cancellationToken);

    /// <inheritdoc/>
    public BlobWriter Create(long? expectedLength) => _blobs.Files.Create(expectedLength);

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(StoredContent content, CancellationToken cancellationToken)
        => _blobs.Files.OpenReadAsync(content, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string blobName, CancellationToken cancellationToken) => _blobs.Files.DeleteAsync(blobName, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListAsync(TimeSpan age, CancellationToken cancellationToken) => _blobs.Files.ListAsync(age, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> PurgeAsync(RetentionPolicy policy, int max, CancellationToken cancellationToken)
        => Run(() => Purge(policy, max, StoreClock.Moment(_clock.Wall)), [], cancellationToken);

    /// <inheritdoc/>
    /// <remarks>None: what is named no more is collected as an orphan.</remarks>
    public ValueTask<IReadOnlyList<string>> ListRemovableAsync(int max, CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyList<string>>([]);

    /// <inheritdoc/>
    public ValueTask ForgetAsync(IReadOnlyList<string> blobs, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<bool> IsNamedAsync(string blob, CancellationToken cancellationToken)
        => Run(() => _mailbox.Names(blob) || _messages.Values.Any(m => MemoryPurge.Names(m, blob)), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> IsDoneAsync(string id, JobKind kind, CancellationToken cancellationToken)
        => Run(() => _messages.ContainsKey(id) && !_jobs.HasJob(id, kind), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StationUsage> GetUsageAsync(As2Identifier local, DateTimeOffset day, CancellationToken cancellationToken)
        => Run(() => MemoryQuery.UsageOf(_messages.Values, local, day), [], cancellationToken);

    /// <inheritdoc/>
    public StoreHealth Check() => default;

    /// <inheritdoc/>
    string Restart.IHasFolder.Folder => _blobs.Folder;

    /// <summary>Removes the temporary files.</summary>
    public void Dispose() => _blobs.Dispose();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Forgets a message with its work, history and blobs, whatever its state, where nobody will ask for it again.</summary>
    internal async ValueTask ForgetAsync(string id)
    {
        if (Take(id) is not { } message)
            return;
        foreach (var blob in MemoryPurge.BlobsOf(message))
            await DeleteAsync(blob, CancellationToken.None).ConfigureAwait(false);
    }

    private StoredMessage? Take(string id)
    {
        lock (_gate)
        {
            if (!_messages.Remove(id, out var message))
                return null;
            _keys.Remove(message.Key);
            _jobs.Forget(id);
            _events.Forget(id);
            return message;
        }
    }

    private ValueTask<T> Run<T>(Func<T> work, IEnumerable<NewJob> due, CancellationToken cancellationToken)
        => Run(work, static (_, work) => work(), due, cancellationToken);

    private ValueTask<T> Run<TState, T>(TState state, Func<InMemoryStore, TState, T> work, IEnumerable<NewJob> due, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        T result;
        lock (_gate)
            result = work(this, state);
        foreach (var job in due)
        {
            if (job.Delay <= TimeSpan.Zero)
                Signal.Pulse(job.Kind);
        }
        return ValueTask.FromResult(result);
    }

    private Job? Insert(NewMessage arrival)
    {
        _mailbox.Demand(arrival.Mailbox);
        var now = StoreClock.Moment(_clock.Wall);
        var message = arrival.Message with { Created = now, Changed = now, Wire = arrival.Message.Wire?.Hold(), Receipt = arrival.Message.Receipt?.Hold() };
        _messages.Add(message.Id, message);
        if (message.State != MessageState.Refused)
            _keys.Add(message.Key, message.Id);
        Job? first = null;
        foreach (var job in arrival.Jobs)
        {
            var added = _jobs.Add(message.Id, job, first is null ? arrival.LeaseToCaller : null);
            first ??= added;
        }
        Note(message.Id, now, arrival.Mailbox, arrival.Events);
        return arrival.LeaseToCaller is null ? null : first;
    }

    private StoredMessage? Legal(string messageId, Transition step)
    {
        _mailbox.Demand(step.Mailbox);
        return _messages.TryGetValue(messageId, out var message) && (step.KeepsState || step.From.Contains(message.State)) ? message : null;
    }

    private void Change(StoredMessage message, MessageState state, Transition step)
    {
        var now = StoreClock.Moment(_clock.Wall);
        _messages[message.Id] = message with
        {
            State = state,
            Changed = state == message.State ? message.Changed : now,
            Wire = step.Wire?.Hold() ?? message.Wire,
            Receipt = step.Receipt?.Hold() ?? message.Receipt,
            Disposition = step.Disposition ?? message.Disposition,
            Mics = step.Mics ?? message.Mics,
            Security = step.Security ?? message.Security,
            Diagnosis = step.Diagnosis ?? message.Diagnosis,
            Attempts = message.Attempts + (step.CountAttempt ? 1 : 0),
        };
        foreach (var job in step.NewJobs)
            _jobs.Add(message.Id, job, lease: null);
        Note(message.Id, now, step.Mailbox, step.Events);
    }

    private int Purge(RetentionPolicy policy, int max, DateTimeOffset now)
    {
        var busy = _jobs.Messages();
        var forgotten = Oldest(m => MemoryPurge.IsForgotten(m, policy, now), max);
        foreach (var message in forgotten)
        {
            _messages.Remove(message.Id);
            if (message.State != MessageState.Refused)
                _keys.Remove(message.Key);
            _events.Forget(message.Id);
        }
        var purged = Oldest(m => MemoryPurge.IsPurgeable(m, policy, now), max - forgotten.Count);
        foreach (var message in purged)
            _messages[message.Id] = MemoryPurge.WithoutContents(message);
        return forgotten.Count + purged.Count;

        List<StoredMessage> Oldest(Func<StoredMessage, bool> isDue, int most)
            => [.. _messages.Values.Where(m => isDue(m) && !busy.Contains(m.Id)).OrderBy(m => m.Id, StringComparer.Ordinal).Take(most)];
    }

    private void Note(string messageId, DateTimeOffset now, IReadOnlyList<MailboxChange> files, IReadOnlyList<(string Kind, string Text)> lines)
    {
        foreach (var change in files)
            _mailbox.Apply(change, messageId, now);
        foreach (var (kind, text) in lines)
            _events.Add(messageId, now, kind, text);
    }
}
