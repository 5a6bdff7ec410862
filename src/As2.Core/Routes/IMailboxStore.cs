using As2.Storage;

namespace As2.Routes;

/// <summary>A file of a partner's account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Folder">The folder: one of <see cref="MailboxFolder"/>.</param>
/// <param name="Name">
/// The name in that folder. Names that we make are safe by <see cref="Payloads.FileNamePolicy"/>; an upload keeps the name that its
/// owner wrote, without control characters and with slashes when it lies in a sub-folder: never use it as a path.
/// </param>
/// <param name="Content">Its octets.</param>
/// <param name="Modified">When it came, by the store's clock.</param>
/// <param name="MessageId">Our identifier of the message that it belongs to; null for an upload that is not a message yet.</param>
public sealed record MailboxFile(string Account, string Folder, string Name, StoredContent Content, DateTimeOffset Modified, string? MessageId);

/// <summary>The folders of an account.</summary>
public static class MailboxFolder
{
    /// <summary>Put a file here: it is sent.</summary>
    public const string Outbox = "outbox";

    /// <summary>Verified payloads of the partner.</summary>
    public const string Inbox = "inbox";

    /// <summary>Files that the partner acknowledged.</summary>
    public const string Sent = "sent";

    /// <summary>Files that could not be sent.</summary>
    public const string Failed = "failed";

    /// <summary>The receipts of sent files.</summary>
    public const string Receipts = "receipts";

    /// <summary>All five, in the order they are listed.</summary>
    public static readonly IReadOnlyList<string> All = [Outbox, Inbox, Sent, Failed, Receipts];
}

/// <summary>
/// A change of an account's files that is part of a message's transaction. A name that is taken gets a number:
/// <c>order.edi</c>, <c>order-2.edi</c>.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="Remove">Remove this file of the folder, if it is there: folder and name. For a file of the message whatever its number, see <see cref="RemoveOfMessage"/>.</param>
/// <param name="RemoveOfMessage">Remove the files of this message from this folder, or null.</param>
/// <param name="Add">Add this file, or null; its message is the one of the transaction.</param>
/// <param name="MustBeThere">True: the whole transaction is refused (AS2-STORE-013) when the file to remove is not there any more.</param>
public sealed record MailboxChange(
    string Account, (string Folder, string Name)? Remove = null, string? RemoveOfMessage = null, NewMailboxFile? Add = null, bool MustBeThere = false);

/// <summary>A file that a transaction adds.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Name">The wanted name.</param>
/// <param name="Content">Its octets.</param>
public sealed record NewMailboxFile(string Folder, string Name, StoredContent Content);

/// <summary>The files of the partners' accounts, in the same database as the messages. Thread-safe.</summary>
public interface IMailboxStore
{
    /// <summary>The files of a folder, by name: what a listing shows. Their content may lack its octets; <see cref="FindAsync"/> gives a file whole.</summary>
    ValueTask<IReadOnlyList<MailboxFile>> ListAsync(string account, string folder, CancellationToken cancellationToken);

    /// <summary>One file, or null.</summary>
    ValueTask<MailboxFile?> FindAsync(string account, string folder, string name, CancellationToken cancellationToken);

    /// <summary>How many files an account has in all its folders, and their length together in bytes.</summary>
    ValueTask<(long Files, long Bytes)> MeasureAsync(string account, CancellationToken cancellationToken);

    /// <summary>Adds a file that is no message yet. False: the name is taken.</summary>
    ValueTask<bool> AddAsync(MailboxFile file, CancellationToken cancellationToken);

    /// <summary>Renames within the account. False: the file is not there, or the new name is taken.</summary>
    ValueTask<bool> RenameAsync(string account, (string Folder, string Name) from, (string Folder, string Name) to, CancellationToken cancellationToken);

    /// <summary>Removes a file. False: it was not there.</summary>
    ValueTask<bool> RemoveAsync(string account, string folder, string name, CancellationToken cancellationToken);
}
