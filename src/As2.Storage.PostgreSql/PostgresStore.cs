using As2.Agreements;
using As2.Routes;
using Npgsql;

namespace As2.Storage.PostgreSql;

/// <summary>
/// The durable store of several machines: messages, receipts, jobs, mailboxes and small contents in one PostgreSQL database, which every
/// node uses alike. No node knows another one: leases and dates go by the database's clock, and every write of a job's owner names its
/// fence. What a method returned is as durable as the server's commits are. Thread-safe.
/// </summary>
public sealed class PostgresStore : IMessageStore, IMessageJournal, IMailboxStore, IStoreHealth, IStoreKeeping, IStoreUsage, IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly PostgresHealth _health;
    private readonly JobHints _hints;
    private readonly bool _inOrder;
    private int _isClosed;

    private PostgresStore(PostgresDatabase database, PostgresHealth health, PostgresStoreOptions options, JobSignal signal)
    {
        (_database, _health, _inOrder, Signal) = (database, health, options.KeepsPartnersOrder, signal);
        _hints = new JobHints(database, options.Schema, signal);
    }

    /// <summary>The connections, for the other tables of the same database.</summary>
    internal PostgresDatabase Database => _database;

    /// <summary>Pulsed when a job is due now, here or by another node.</summary>
    public JobSignal Signal { get; }

    /// <summary>Connects, and brings the database to what this program knows; nodes of the version before go on meanwhile.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="signal">Pulsed when a job is due now.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="As2Exception">AS2-STORE-004, -010, -016, -017: the database cannot be used.</exception>
    public static Task<PostgresStore> OpenAsync(PostgresStoreOptions options, JobSignal? signal, CancellationToken cancellationToken)
        => OpenAsync(options, signal, Migration.All, cancellationToken);

    internal static async Task<PostgresStore> OpenAsync(
        PostgresStoreOptions options, JobSignal? signal, IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var health = new PostgresHealth(TimeProvider.System);
        var database = new PostgresDatabase(options, health);
        try
        {
            await new Schema(database, options, migrations).MigrateAsync(cancellationToken).ConfigureAwait(false);
            return new PostgresStore(database, health, options, signal ?? new JobSignal());
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<AcceptOutcome> AcceptAsync(NewMessage message, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryAddAsync(message, cancellationToken).ConfigureAwait(false))
            {
                Pulse(message.Jobs);
                return new AcceptOutcome(true, null);
            }
            // Null: it was purged in the meantime, and the key is free again.
            if (await FindAsync(message.Message.Key, cancellationToken).ConfigureAwait(false) is { } earlier)
                return new AcceptOutcome(false, earlier);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Job?> SubmitAsync(NewMessage message, CancellationToken cancellationToken)
    {
        var leases = message.LeaseToCaller is not null && message.Jobs.Count > 0;
        if (!await TryAddAsync(message, cancellationToken).ConfigureAwait(false))
            throw StoreFault.DuplicateKey(message.Message.Key);
        Pulse(leases ? message.Jobs.Skip(1) : message.Jobs);
        return leases
            ? (await _database.AllAsync(JobTable.First(SqlRow.ToId(message.Message.Id)!.Value), JobTable.Read, cancellationToken).ConfigureAwait(false))[0].Job
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Job>> ClaimAsync(JobKind kind, int max, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claimed = await _database.AllAsync(JobTable.Claim(kind, max, lease, _inOrder), JobTable.Read, cancellationToken).ConfigureAwait(false);
        return [.. claimed.OrderBy(c => c.Due).ThenBy(c => c.Job.Id).Select(c => c.Job)];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(Job job, TimeSpan lease, CancellationToken cancellationToken)
        => await _database.WriteAsync(JobTable.Renew(job, lease), cancellationToken).ConfigureAwait(false) is [1];

    /// <inheritdoc/>
    public ValueTask<bool> ApplyAsync(Job job, Transition transition, CancellationToken cancellationToken)
        => StepAsync(transition, job.Kind, change => Steps.Apply(job, change), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> ReconcileAsync(string messageId, Transition transition, CancellationToken cancellationToken)
        => Steps.Reconcile(messageId, transition) is not null
            && await StepAsync(transition, JobKind.Send, change => Steps.Reconcile(messageId, change)!, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<StoredMessage?> FindAsync(MessageKey key, CancellationToken cancellationToken) => WholeAsync(MessageTable.Find(key), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<StoredMessage?> GetAsync(string id, CancellationToken cancellationToken)
        => SqlRow.ToId(id) is { } known ? await WholeAsync(MessageTable.Get(known), cancellationToken).ConfigureAwait(false) : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<MessageSummary>> ListAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        if (query.Text is { } text)
            return await new TextSearch(_database).FindAsync(query, text, cancellationToken).ConfigureAwait(false);
        return SummaryList.Of(query) is { } list ? await _database.AllAsync(list, SummaryList.Read, cancellationToken).ConfigureAwait(false) : [];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<MessageEvent>> GetHistoryAsync(string id, CancellationToken cancellationToken)
        => SqlRow.ToId(id) is { } known ? await _database.AllAsync(EventTable.Of(known), EventTable.Read, cancellationToken).ConfigureAwait(false) : [];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<MessageEvent>> ListEventsAsync(long afterSequence, int max, CancellationToken cancellationToken)
        => await SettledAsync(EventTable.After(afterSequence, max), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<MessageEvent>> ListAlertsAsync(long afterSequence, int max, CancellationToken cancellationToken)
        => await SettledAsync(EventTable.Alerts(afterSequence, max), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<MailboxFile>> ListAsync(string account, string folder, CancellationToken cancellationToken)
        => await _database.AllAsync(MailboxTable.List(account, folder), MailboxTable.Read, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<(long Files, long Bytes)> MeasureAsync(string account, CancellationToken cancellationToken)
        => (await _database.AllAsync(MailboxTable.Measure(account), row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public async ValueTask<MailboxFile?> FindAsync(string account, string folder, string name, CancellationToken cancellationToken)
        => (await _database.AllAsync(MailboxTable.Find(account, folder, name), MailboxTable.Read, cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    /// <inheritdoc/>
    public ValueTask<bool> AddAsync(MailboxFile file, CancellationToken cancellationToken) => ChangeFileAsync(MailboxTable.Add(file), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RenameAsync(
        string account, (string Folder, string Name) from, (string Folder, string Name) to, CancellationToken cancellationToken)
        => ChangeFileAsync(MailboxTable.Rename(account, from, to), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveAsync(string account, string folder, string name, CancellationToken cancellationToken)
        => (await _database.AllAsync(MailboxTable.Remove(account, folder, name), row => row.GetInt64(0), cancellationToken).ConfigureAwait(false)) is [1];

    /// <inheritdoc/>
    public async ValueTask<StationUsage> GetUsageAsync(As2Identifier local, DateTimeOffset day, CancellationToken cancellationToken)
        => (await _database.AllAsync(UsageTable.Of(local, day), row => new StationUsage(row.GetInt64(0), row.GetInt64(1)), cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public StoreHealth Check() => _health.Check();

    /// <inheritdoc/>
    public async ValueTask<int> PurgeAsync(RetentionPolicy policy, int max, CancellationToken cancellationToken)
    {
        var records = (await _database.WriteAsync(Purge.OfRecords(policy.Records, max), cancellationToken).ConfigureAwait(false))[0];
        var contents = (await _database.WriteAsync(Purge.OfContents(policy.Contents, max - records), cancellationToken).ConfigureAwait(false))[0];
        return records + contents;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListRemovableAsync(int max, CancellationToken cancellationToken)
        => await _database.AllAsync(GarbageTable.List(max), row => row.GetString(0), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask ForgetAsync(IReadOnlyList<string> blobs, CancellationToken cancellationToken)
        => await _database.WriteAsync(GarbageTable.Forget(blobs), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> IsNamedAsync(string blob, CancellationToken cancellationToken)
        => await _database.AllAsync(GarbageTable.Named(blob), _ => true, cancellationToken).ConfigureAwait(false) is [true];

    /// <inheritdoc/>
    public async ValueTask<bool> IsDoneAsync(string id, JobKind kind, CancellationToken cancellationToken)
        => SqlRow.ToId(id) is { } known && await _database.AllAsync(JobTable.Done(known, kind), _ => true, cancellationToken).ConfigureAwait(false) is [true];

    /// <summary>Closes the connections. Leases of this node's jobs end by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        // A container that gives it out under several names ends it as often.
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        await _hints.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    // False: the key is taken.
    private async ValueTask<bool> TryAddAsync(NewMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(message.Mailbox, mailbox => Steps.New(message with { Mailbox = mailbox }), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException e) when (PostgresFault.IsTaken(e, MessageTable.Key))
        {
            return false;
        }
    }

    private async ValueTask<bool> StepAsync(Transition transition, JobKind kind, Func<Transition, Statements> build, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(transition.Mailbox, mailbox => build(transition with { Mailbox = mailbox }), cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState is PostgresFault.Illegal or PostgresFault.Fenced)
        {
            return false;
        }
        Pulse(transition.JobsDue(kind));
        return true;
    }

    // One round trip; only where a file's name is taken, free ones are looked for and it is tried again.
    private async Task WriteAsync(IReadOnlyList<MailboxChange> mailbox, Func<IReadOnlyList<MailboxChange>, Statements> build, CancellationToken cancellationToken)
    {
        try
        {
            await _database.WriteAsync(build(mailbox), cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (PostgresFault.IsTaken(e, MailboxTable.Key))
        {
            await _database.WriteAsync(
                async connection => build(await new MailboxNames(connection).FreeAsync(mailbox, cancellationToken).ConfigureAwait(false)),
                cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresFault.FileGone)
        {
            var gone = mailbox.First(change => change.MustBeThere);
            throw StoreFault.Gone(gone.Account, gone.Remove!.Value);
        }
    }

    private async ValueTask<bool> ChangeFileAsync(Statements change, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.WriteAsync(change, cancellationToken).ConfigureAwait(false) is [1];
        }
        catch (PostgresException e) when (PostgresFault.IsTaken(e, MailboxTable.Key))
        {
            return false;
        }
    }

    // What was committed before this call is listed: transactions that were running then are given a moment to end.
    private async ValueTask<IReadOnlyList<MessageEvent>> SettledAsync(Statements list, CancellationToken cancellationToken)
    {
        var now = (await _database.AllAsync(EventTable.Newest(), row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0];
        for (var wait = 1; wait < 512 && (await _database.AllAsync(EventTable.Oldest(), row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0] < now; wait *= 2)
            await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
        return await _database.AllAsync(list, EventTable.Read, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<StoredMessage?> WholeAsync(Statements find, CancellationToken cancellationToken)
    {
        var rows = await _database.AllAsync(find, MessageTable.Read, cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? null : PartTable.Complete(rows[0].Message, [.. rows.Where(row => row.Part is not null).Select(row => row.Part!)]);
    }

    private void Pulse(IEnumerable<NewJob> jobs)
    {
        foreach (var job in jobs.Where(job => job.Delay <= TimeSpan.Zero))
            _hints.Pulse(job.Kind);
    }
}
