using As2.Payloads;
using As2.Routes;

namespace As2.Storage.Sqlite;

/// <summary>The files of the partners' accounts.</summary>
internal static class MailboxTable
{
    private const string Columns =
        """
        SELECT account, folder, name, modified, message, length, sha256, inline, blob
        FROM mailbox JOIN content ON content.number = mailbox.content

        """;

    // A folder may hold thousands of files: their octets stay where they are, which what is kept behind them in a row would not allow.
    private const string WithoutOctets =
        """
        SELECT account, folder, name, modified, message, length, sha256, NULL, iif(inline IS NULL, blob, NULL)
        FROM mailbox JOIN content ON content.number = mailbox.content
        WHERE account = @account AND folder = @folder ORDER BY name
        """;

    public static IReadOnlyList<MailboxFile> List(SqlSession session, string account, string folder)
        => session.All(WithoutOctets, Read, ("@account", account), ("@folder", folder));

    public static (long Files, long Bytes) Measure(SqlSession session, string account) => session.One(
        "SELECT COUNT(*), COALESCE(SUM(length), 0) FROM mailbox JOIN content ON content.number = mailbox.content WHERE account = @account",
        row => (row.GetInt64(0), row.GetInt64(1)), ("@account", account));

    public static MailboxFile? Find(SqlSession session, string account, string folder, string name) => session.One(
        Columns + "WHERE account = @account AND folder = @folder AND name = @name",
        Read, ("@account", account), ("@folder", folder), ("@name", name));

    public static bool Add(SqlSession session, MailboxFile file, long now)
    {
        if (IsTaken(session, file.Account, file.Folder, file.Name))
            return false;
        Insert(session, file, ContentTable.Put(session, file.Content), now);
        return true;
    }

    public static bool Rename(SqlSession session, string account, (string Folder, string Name) from, (string Folder, string Name) to)
        => !IsTaken(session, account, to.Folder, to.Name) && session.Execute(
            "UPDATE mailbox SET folder = @toFolder, name = @toName WHERE account = @account AND folder = @folder AND name = @name",
            ("@toFolder", to.Folder), ("@toName", to.Name), ("@account", account), ("@folder", from.Folder), ("@name", from.Name)) == 1;

    public static bool Remove(SqlSession session, string account, string folder, string name, long now)
    {
        var content = session.One(
            "DELETE FROM mailbox WHERE account = @account AND folder = @folder AND name = @name RETURNING content",
            row => row.GetInt64(0), ("@account", account), ("@folder", folder), ("@name", name));
        if (content > 0)
            ContentTable.Release(session, content, now);
        return content > 0;
    }

    /// <summary>Applies changes that are part of a message's transaction. What moves is released last, so that it is still there to be added.</summary>
    public static void Apply(SqlSession session, IReadOnlyList<MailboxChange> changes, (long Number, string Id) message, long now)
    {
        foreach (var change in changes)
        {
            var gone = change.Remove is { } one ? Take(session, change.Account, one) : [];
            if (change.MustBeThere && gone.Count == 0)
                throw StoreFault.Gone(change.Account, change.Remove!.Value);
            if (change.RemoveOfMessage is { } folder)
                gone.AddRange(TakeOfMessage(session, change.Account, folder, message.Id));
            if (change.Add is { } file)
                AddNumbered(session, new MailboxFile(change.Account, file.Folder, file.Name, file.Content, default, message.Id), message.Number, now);
            gone.ForEach(content => ContentTable.Release(session, content, now));
        }
    }

    private static List<long> Take(SqlSession session, string account, (string Folder, string Name) file) => session.All(
        "DELETE FROM mailbox WHERE account = @account AND folder = @folder AND name = @name RETURNING content",
        row => row.GetInt64(0), ("@account", account), ("@folder", file.Folder), ("@name", file.Name));

    private static List<long> TakeOfMessage(SqlSession session, string account, string folder, string message) => session.All(
        "DELETE FROM mailbox WHERE message = @message AND account = @account AND folder = @folder RETURNING content",
        row => row.GetInt64(0), ("@message", message), ("@account", account), ("@folder", folder));

    private static void AddNumbered(SqlSession session, MailboxFile file, long message, long now)
    {
        var name = FileNumber.FirstFree(file.Name, candidate => IsTaken(session, file.Account, file.Folder, candidate));
        Insert(session, file with { Name = name }, OfMessage(session, message, file.Content) ?? ContentTable.Put(session, file.Content), now);
    }

    // A mailbox file and the message's payload are the same octets: they are kept once.
    private static long? OfMessage(SqlSession session, long message, StoredContent content) => session.One<long?>(
        """
        SELECT content.number FROM part JOIN content ON content.number = part.content
        WHERE message = @message AND sha256 = @sha256 AND length = @length AND blob IS @blob LIMIT 1
        """,
        row => row.GetInt64(0), ("@message", message), ("@sha256", content.Sha256), ("@length", content.Length), ("@blob", content.BlobName));

    private static void Insert(SqlSession session, MailboxFile file, long content, long now) => session.Execute(
        """
        INSERT INTO mailbox (account, folder, name, content, modified, message)
        VALUES (@account, @folder, @name, @content, @now, @message)
        """,
        ("@account", file.Account), ("@folder", file.Folder), ("@name", file.Name), ("@content", content), ("@now", now), ("@message", file.MessageId));

    private static bool IsTaken(SqlSession session, string account, string folder, string name) => session.One(
        "SELECT 1 FROM mailbox WHERE account = @account AND folder = @folder AND name = @name",
        row => true, ("@account", account), ("@folder", folder), ("@name", name));

    private static MailboxFile Read(SqlRow row)
        => new(row.GetString(0), row.GetString(1), row.GetString(2), ContentTable.Read(row, 5), row.Moment(3), row.Text(4));
}
