using As2.Routes;

namespace As2.Storage.Sqlite;

/// <summary>
/// Gives everything that a data folder holds, for another store. While it is open nobody else works on the folder: what is given is all
/// there is. Not thread-safe.
/// </summary>
public sealed class SqliteExport : IDisposable
{
    private readonly SqliteStore _store;
    private readonly Database _database;

    /// <summary>Takes the data folder as a gateway does: locks it, checks the database, frees the work that a former process held.</summary>
    /// <exception cref="As2Exception">AS2-STORE-001 to -005, -010: it is in use, or cannot be used.</exception>
    public SqliteExport(string folder)
    {
        _store = new SqliteStore(new SqliteStoreOptions { Folder = folder });
        _database = _store.Database;
    }

    /// <summary>The large contents.</summary>
    public IBlobStore Blobs => _store.Blobs;

    /// <summary>Counts everything.</summary>
    public StoreCounts Count() => _database.Read(
        session => session.One(
            """
            SELECT (SELECT COUNT(*) FROM message), (SELECT COUNT(*) FROM part), (SELECT COUNT(*) FROM event), (SELECT COUNT(*) FROM job),
                   (SELECT COUNT(*) FROM mailbox)
            """,
            row => new StoreCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)))!, CancellationToken.None);

    /// <summary>The next messages, in the order in which they came, and where to go on.</summary>
    /// <param name="after">0, or what the call before gave.</param>
    /// <param name="max">How many.</param>
    public (IReadOnlyList<MessageRecord> Messages, long Next) ListMessages(long after, int max) => _database.Read(
        session =>
        {
            var found = session.All(
                "SELECT number, id FROM message WHERE number > @after ORDER BY number LIMIT @max", row => (Number: row.GetInt64(0), Id: row.GetString(1)),
                ("@after", after), ("@max", max));
            var records = found.ConvertAll(m => new MessageRecord(MessageTable.Get(session, m.Id)!, EventTable.Of(session, m.Id), JobTable.LeftOf(session, m.Number)));
            return ((IReadOnlyList<MessageRecord>)records, found.Count > 0 ? found[^1].Number : after);
        },
        CancellationToken.None);

    /// <summary>Every file of the mailboxes, without its octets.</summary>
    public IReadOnlyList<MailboxFile> ListFiles() => _database.Read(
        session => session.All("SELECT DISTINCT account, folder FROM mailbox ORDER BY account, folder", row => (Account: row.GetString(0), Folder: row.GetString(1)))
            .SelectMany(folder => MailboxTable.List(session, folder.Account, folder.Folder)).ToList(),
        CancellationToken.None);

    /// <summary>One file, whole.</summary>
    public MailboxFile Find(MailboxFile file)
        => _database.Read(session => MailboxTable.Find(session, file.Account, file.Folder, file.Name)!, CancellationToken.None);

    /// <summary>Frees the data folder.</summary>
    public void Dispose() => _store.Dispose();
}
