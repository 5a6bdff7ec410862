using As2.Agreements;
using As2.Routes;

namespace As2.Storage.Sqlite;

/// <summary>
/// The durable default on one machine: messages, receipts, jobs, mailboxes and small contents in one SQLite database, large contents
/// as files beside it. What a method returned is on the disk. Thread-safe.
/// </summary>
public sealed class SqliteStore : IMessageStore, IMessageJournal, IMailboxStore, IStoreHealth, IStoreKeeping, IStoreUsage, IDisposable, IAsyncDisposable
{
    private readonly Database _database;
    private readonly StoreClock _clock;
    private readonly Steps _steps;
    private readonly HealthWatch _health;
    private readonly IDurableFile _durable;
    private readonly string _folder;
    private int _backups;

    /// <summary>Opens the data folder: locks it, checks the database, and frees the work that a former process held.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="time">The store's clock. Default: the system's.</param>
    /// <param name="signal">Pulsed when a job is due now.</param>
    /// <param name="durable">Makes files durable. Default: the operating system's way.</param>
    /// <exception cref="As2Exception">AS2-STORE-001 to -005, -010: the folder or the database cannot be used.</exception>
    public SqliteStore(SqliteStoreOptions options, TimeProvider? time = null, JobSignal? signal = null, IDurableFile? durable = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _clock = new StoreClock(time ?? TimeProvider.System);
        _steps = new Steps(_clock);
        Signal = signal ?? new JobSignal(time);
        _durable = durable ?? DurableFile.Instance;
        _folder = Path.GetFullPath(options.Folder);
        _health = new HealthWatch(() => new DriveInfo(_folder).AvailableFreeSpace, options.LeastFreeBytes, _clock);
        _database = Database.Open(options, _clock, _health);
        try
        {
            Blobs = new FileBlobStore(options.Folder, time, durable);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>The large contents.</summary>
    public IBlobStore Blobs { get; }

    /// <summary>Pulsed when a job is due now.</summary>
    public JobSignal Signal { get; }

    /// <summary>The database, for an export.</summary>
    internal Database Database => _database;

    /// <summary>What the writer's connection says of synchronous and foreign_keys, for a test.</summary>
    internal (int Synchronous, int ForeignKeys) Durability => _database.WriteAsync(new WriteCommand<(int, int)>(
        s => (s.One("PRAGMA synchronous", r => r.GetInt32(0)), s.One("PRAGMA foreign_keys", r => r.GetInt32(0))), CancellationToken.None)).Result;

    /// <inheritdoc/>
    public async ValueTask<AcceptOutcome> AcceptAsync(NewMessage message, CancellationToken cancellationToken)
    {
        // By this thread and not by the one that writes for all.
        message.Message.Receipt?.Body.Hash();
        var outcome = await _database.WriteAsync(new WriteCommand<AcceptOutcome>(s => _steps.Accept(s, message), cancellationToken)
        {
            BeforeCommit = "I3",
            AfterCommit = "I4",
        }).ConfigureAwait(false);
        Pulse(outcome.IsNew, message.Jobs);
        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask<Job?> SubmitAsync(NewMessage message, CancellationToken cancellationToken)
    {
        var job = await _database.WriteAsync(new WriteCommand<Job?>(s => _steps.Submit(s, message), cancellationToken)
        {
            BeforeCommit = "O1",
            AfterCommit = "O3",
        }).ConfigureAwait(false);
        Pulse(true, job is null ? message.Jobs : message.Jobs.Skip(1));
        return job;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Job>> ClaimAsync(JobKind kind, int max, TimeSpan lease, CancellationToken cancellationToken)
        => await WriteAsync(s => JobTable.Claim(s, kind, max, lease, _clock.Steady), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(Job job, TimeSpan lease, CancellationToken cancellationToken)
        => await WriteAsync(s => JobTable.Renew(s, job, lease, _clock.Steady), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> ApplyAsync(Job job, Transition transition, CancellationToken cancellationToken)
    {
        var applied = await _database.WriteAsync(new WriteCommand<bool>(s => _steps.Apply(s, job, transition), cancellationToken)
        {
            BeforeCommit = job.Kind != JobKind.Deliver ? null : transition.Job == JobOutcome.Continue ? "D2" : "D4",
            AfterCommit = job.Kind != JobKind.Deliver ? null : transition.Job == JobOutcome.Continue ? "D3" : "D7",
        }).ConfigureAwait(false);
        Pulse(applied, transition.JobsDue(job.Kind));
        return applied;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReconcileAsync(string messageId, Transition transition, CancellationToken cancellationToken)
    {
        var applied = await WriteAsync(s => _steps.Reconcile(s, messageId, transition), cancellationToken).ConfigureAwait(false);
        Pulse(applied, transition.JobsDue(JobKind.Send));
        return applied;
    }

    /// <inheritdoc/>
    public ValueTask<StoredMessage?> FindAsync(MessageKey key, CancellationToken cancellationToken)
        => _database.Ask(s => MessageTable.IsTaken(s, key), cancellationToken) ? Read(s => MessageTable.Find(s, key), cancellationToken) : default;

    /// <inheritdoc/>
    public ValueTask<StoredMessage?> GetAsync(string id, CancellationToken cancellationToken)
        => Read(s => MessageTable.Get(s, id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageSummary>> ListAsync(MessageQuery query, CancellationToken cancellationToken)
        => Read(s => SummaryList.Read(s, query), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> GetHistoryAsync(string id, CancellationToken cancellationToken)
        => Read(s => EventTable.Of(s, id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> ListEventsAsync(long afterSequence, int max, CancellationToken cancellationToken)
        => Read(s => EventTable.After(s, afterSequence, max), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> ListAlertsAsync(long afterSequence, int max, CancellationToken cancellationToken)
        => Read(s => EventTable.Alerts(s, afterSequence, max), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MailboxFile>> ListAsync(string account, string folder, CancellationToken cancellationToken)
        => Read(s => MailboxTable.List(s, account, folder), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<(long Files, long Bytes)> MeasureAsync(string account, CancellationToken cancellationToken)
        => Read(s => MailboxTable.Measure(s, account), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<MailboxFile?> FindAsync(string account, string folder, string name, CancellationToken cancellationToken)
        => Read(s => MailboxTable.Find(s, account, folder, name), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> AddAsync(MailboxFile file, CancellationToken cancellationToken)
        => await WriteAsync(s => MailboxTable.Add(s, file, _clock.Wall), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> RenameAsync(
        string account, (string Folder, string Name) from, (string Folder, string Name) to, CancellationToken cancellationToken)
        => await WriteAsync(s => MailboxTable.Rename(s, account, from, to), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveAsync(string account, string folder, string name, CancellationToken cancellationToken)
        => await WriteAsync(s => MailboxTable.Remove(s, account, folder, name, _clock.Wall), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<StationUsage> GetUsageAsync(As2Identifier local, DateTimeOffset day, CancellationToken cancellationToken)
        => Read(s => UsageTable.Of(s, local, day), cancellationToken);

    /// <inheritdoc/>
    public StoreHealth Check() => _health.Check();

    /// <inheritdoc/>
    public async ValueTask<int> PurgeAsync(RetentionPolicy policy, int max, CancellationToken cancellationToken)
        => await _database.WriteAsync(new WriteCommand<int>(s => Purge.Run(s, policy, max, _clock.Wall), cancellationToken)
        {
            BeforeCommit = "purge",
        }).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListRemovableAsync(int max, CancellationToken cancellationToken)
        => Volatile.Read(ref _backups) > 0 || BackupMark.IsHeld(_folder)
            ? ValueTask.FromResult<IReadOnlyList<string>>([])
            : Read(s => GarbageTable.List(s, max, _clock.Wall), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ForgetAsync(IReadOnlyList<string> blobs, CancellationToken cancellationToken)
        => await WriteAsync(s => GarbageTable.Forget(s, blobs), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> IsNamedAsync(string blob, CancellationToken cancellationToken)
        => Read(s => GarbageTable.IsNamed(s, blob), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> IsDoneAsync(string id, JobKind kind, CancellationToken cancellationToken)
        => Read(s => JobTable.IsDone(s, id, kind), cancellationToken);

    /// <summary>Copies everything, as it is at one moment, into a new folder while the store is in use. Start on a copy of it to restore.</summary>
    /// <param name="folder">A folder that does not exist yet; it appears when it is complete and durable.</param>
    /// <param name="cancellationToken">Ends the copy; what was copied is removed by the next backup to the same folder.</param>
    /// <exception cref="As2Exception">AS2-STORE-*: the folder exists, or the copy could not be made durable.</exception>
    public async Task BackupAsync(string folder, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _backups);
        try
        {
            var backup = new Backup(_folder, folder, _durable);
            await Task.Run(() => backup.Run(copy => _database.Read(copy, cancellationToken), cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _backups);
        }
    }

    /// <summary>The same from outside: of a data folder that another process may own and use meanwhile.</summary>
    /// <param name="source">The data folder.</param>
    /// <param name="folder">A folder that does not exist yet; it appears when it is complete and durable.</param>
    /// <param name="cancellationToken">Ends the copy; what was copied is removed by the next backup to the same folder.</param>
    /// <exception cref="As2Exception">AS2-STORE-*: another backup is under way, the folder exists, or the copy could not be made durable.</exception>
    public static async Task BackupAsync(string source, string folder, CancellationToken cancellationToken)
    {
        source = Path.GetFullPath(source);
        using var mark = BackupMark.Hold(source);
        var backup = new Backup(source, folder, DurableFile.Instance);
        await Task.Run(() => backup.Run(copy => Database.ReadFolder(source, copy, cancellationToken), cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finishes what was begun, and frees the data folder.</summary>
    public void Dispose() => _database.Dispose();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<T> WriteAsync<T>(Func<SqlSession, T> change, CancellationToken cancellationToken)
        => _database.WriteAsync(new WriteCommand<T>(change, cancellationToken));

    private ValueTask<T> Read<T>(Func<SqlSession, T> query, CancellationToken cancellationToken)
        => ValueTask.FromResult(_database.Read(query, cancellationToken));

    private void Pulse(bool changed, IEnumerable<NewJob> jobs)
    {
        if (!changed)
            return;
        foreach (var job in jobs.Where(j => j.Delay <= TimeSpan.Zero))
            Signal.Pulse(job.Kind);
    }
}
