using As2.Routes;
using Npgsql;

namespace As2.Storage.PostgreSql;

/// <summary>
/// Takes what another store held, as it is: times, histories and the work that is left. Each call is one transaction, and what is there
/// already is left as it is, so an import that ended early is begun again. No node works on the database meanwhile. Thread-safe.
/// </summary>
public sealed class PostgresImport
{
    private readonly PostgresDatabase _database;

    /// <param name="store">The store to fill.</param>
    public PostgresImport(PostgresStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _database = store.Database;
    }

    /// <summary>Takes a message with all that belongs to it; its large contents are in the new blob store already.</summary>
    /// <returns>False: it is there already.</returns>
    public async ValueTask<bool> AddAsync(MessageRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var (message, step) = (record.Message, new Statements());
        var id = SqlRow.ToId(message.Id) ?? throw new ArgumentException($"'{message.Id}' is no identifier of a message.", nameof(record));
        MessageTable.Insert(step, id, message, moved: true);
        if (message.Payloads.Any(p => p.Content.IsPurged))
            step.Add("UPDATE message SET purged = true WHERE id = $1", id);
        foreach (var job in record.Jobs)
            JobTable.AddMoved(step, id, JobTable.LaneOf(message.Key), job);
        foreach (var line in record.History)
            EventTable.AddMoved(step, id, line);
        return await TryAsync(step, "message_pkey", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a file of a mailbox.</summary>
    /// <returns>False: there is a file of that name already.</returns>
    public ValueTask<bool> AddAsync(MailboxFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        var step = MailboxTable.Add(file).Add(
            "UPDATE mailbox SET modified = $4 WHERE account = $1 AND folder = $2 AND name = $3", file.Account, file.Folder, file.Name,
            file.Modified.ToUnixTimeMilliseconds());
        return TryAsync(step, MailboxTable.Key, cancellationToken);
    }

    /// <summary>Counts everything.</summary>
    public async ValueTask<StoreCounts> CountAsync(CancellationToken cancellationToken) => (await _database.AllAsync(
        new Statements().Add(
            """
            SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM part), (SELECT count(*) FROM event), (SELECT count(*) FROM job),
                   (SELECT count(*) FROM mailbox)
            """),
        row => new StoreCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Everything was taken: new events are numbered after those that came, and the planner knows what is there.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
        => await _database.WriteAsync(new Statements().Add(Schema.RaiseBase).Add("ANALYZE"), cancellationToken).ConfigureAwait(false);

    private async ValueTask<bool> TryAsync(Statements step, string key, CancellationToken cancellationToken)
    {
        try
        {
            await _database.WriteAsync(step, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException e) when (PostgresFault.IsTaken(e, key))
        {
            return false;
        }
    }
}
