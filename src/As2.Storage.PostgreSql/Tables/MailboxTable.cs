using System.Data.Common;
using As2.Routes;

namespace As2.Storage.PostgreSql;

/// <summary>The files of the partners' accounts.</summary>
internal static class MailboxTable
{
    /// <summary>The index that makes a name unique.</summary>
    public const string Key = "mailbox_pkey";

    private const string Columns = "SELECT account, folder, name, modified, message, length, sha256, inline, blob FROM mailbox WHERE account = $1 AND folder = $2 ";

    // A folder may hold thousands of files: their octets stay where they are.
    private const string WithoutOctets =
        "SELECT account, folder, name, modified, message, length, sha256, NULL::bytea, blob FROM mailbox WHERE account = $1 AND folder = $2 ORDER BY name";

    private const string Insert =
        "INSERT INTO mailbox (account, folder, name, modified, message, length, sha256, inline, blob) VALUES ($1, $2, $3, now_ms(), $4, $5, $6, $7, $8)";

    private const string Marking =
        """
        , marked AS (INSERT INTO garbage SELECT DISTINCT blob, now_ms() FROM gone WHERE blob IS NOT NULL
                     ON CONFLICT (blob) DO UPDATE SET since = excluded.since)

        """;

    private const string RemoveOne = "WITH gone AS (DELETE FROM mailbox WHERE account = $1 AND folder = $2 AND name = $3 RETURNING blob)" + Marking;

    private const string RemoveOfMessage = "WITH gone AS (DELETE FROM mailbox WHERE account = $1 AND folder = $2 AND message = $3 RETURNING blob)" + Marking;

    public static Statements List(string account, string folder) => new Statements().Add(WithoutOctets, account, folder);

    public static Statements Find(string account, string folder, string name) => new Statements().Add(Columns + "AND name = $3", account, folder, name);

    public static Statements Measure(string account)
        => new Statements().Add("SELECT count(*), coalesce(sum(length), 0)::bigint FROM mailbox WHERE account = $1", account);

    public static Statements Add(MailboxFile file) => New(new Statements(), file, file.MessageId is { } id ? SqlRow.ToId(id) : null);

    public static Statements Rename(string account, (string Folder, string Name) from, (string Folder, string Name) to) => new Statements().Add(
        "UPDATE mailbox SET folder = $4, name = $5 WHERE account = $1 AND folder = $2 AND name = $3", account, from.Folder, from.Name, to.Folder, to.Name);

    /// <summary>Removes a file and gives a row for it.</summary>
    public static Statements Remove(string account, string folder, string name)
        => new Statements().Add(RemoveOne + "SELECT count(*) FROM gone", account, folder, name);

    /// <summary>Which of these names are taken.</summary>
    public static Statements Taken(string account, string folder, string[] names)
        => new Statements().Add("SELECT name FROM mailbox WHERE account = $1 AND folder = $2 AND name = ANY ($3)", account, folder, names);

    /// <summary>Applies changes that are part of a message's transaction.</summary>
    public static void Apply(Statements step, IReadOnlyList<MailboxChange> changes, Guid message)
    {
        foreach (var change in changes)
        {
            if (change.Remove is { } one && change.MustBeThere)
                step.Add(RemoveOne + "SELECT must(EXISTS (SELECT FROM gone), $4)", change.Account, one.Folder, one.Name, PostgresFault.FileGone);
            else if (change.Remove is { } any)
                step.Add(RemoveOne + "SELECT count(*) FROM gone", change.Account, any.Folder, any.Name);
            if (change.RemoveOfMessage is { } folder)
                step.Add(RemoveOfMessage + "SELECT count(*) FROM gone", change.Account, folder, message);
            if (change.Add is { } file)
                New(step, new MailboxFile(change.Account, file.Folder, file.Name, file.Content, default, null), message);
        }
    }

    public static MailboxFile Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.Content(5), row.Moment(3), row.IsDBNull(4) ? null : row.Id(4));

    private static Statements New(Statements step, MailboxFile file, Guid? message) => step.Add(
        Insert, file.Account, file.Folder, file.Name, message, file.Content.Length, file.Content.Sha256, PostgreSql.Columns.Octets(file.Content),
        file.Content.BlobName);
}
