using As2.Storage;

namespace As2.Ftp.Server.Mailbox;

/// <summary>A whole file in an account's outbox that is to be sent.</summary>
/// <param name="Account">The account.</param>
/// <param name="Name">The file's name as its owner wrote it.</param>
/// <param name="Content">Its octets, durable.</param>
/// <param name="Replaces">
/// The file, folder and name, that the message takes the place of, or null. Removed in the same transaction, which is refused with
/// AS2-STORE-013 when it is not there any more: of two sessions that send the same file one wins.
/// </param>
public sealed record OutboxFile(string Account, string Name, StoredContent Content, (string Folder, string Name)? Replaces = null);

/// <summary>What became of a submitted file.</summary>
/// <param name="IsAccepted">True: it is a message, durable.</param>
/// <param name="Text">One line for the uploader: the message's identifier, or why not and what to do.</param>
/// <param name="RefusalCode">The FTP reply of a refusal (RFC 959 §4.2): 452 for now, 550 for good, 552 over a quota.</param>
public sealed record SubmitOutcome(bool IsAccepted, string Text, int RefusalCode = 550);

/// <summary>Makes a message of a file. Thread-safe.</summary>
public interface IOutboxSubmitter
{
    /// <summary>
    /// Stores the message, its sending job and its file in the outbox (folder <see cref="Routes.MailboxFolder.Outbox"/>) in one
    /// transaction; returns after the commit.
    /// </summary>
    ValueTask<SubmitOutcome> SubmitAsync(OutboxFile file, CancellationToken cancellationToken);
}
