using As2.Agreements;
using As2.Storage;

namespace As2.Routes;

/// <summary>
/// How the file of an outbound message leaves the account's <c>outbox</c>: to <c>sent</c>, or to <c>failed</c> with a plain reason,
/// with receipt and status beside.
/// </summary>
internal static class OutboxMoves
{
    /// <summary>What the partner gets of a file: sub-folders are its owner's own.</summary>
    public static StoredPayload PayloadOf(MailboxFile file, Partnership partnership)
        => new(file.Content, partnership.ContentType, file.Name[(file.Name.LastIndexOf('/') + 1)..]);

    /// <summary>A new message with its file in the outbox, in place of the one that it was; when that is gone, nothing is taken.</summary>
    public static NewMessage Begin(NewMessage message, MailboxFile file, (string Folder, string Name)? replaces)
    {
        var moves = new List<MailboxChange>();
        if (replaces is not null)
            moves.Add(new(file.Account, Remove: replaces, MustBeThere: true));
        moves.Add(new(file.Account, Add: new NewMailboxFile(MailboxFolder.Outbox, file.Name, file.Content)));
        return message with
        {
            Message = message.Message with { Account = file.Account },
            Mailbox = moves,
            Events = [("uploaded", $"{file.Account}/{MailboxFolder.Outbox}/{file.Name}, {file.Content.Length} bytes")],
        };
    }

    /// <summary>The moves of a message that came from an account; none for others.</summary>
    /// <param name="message">The message with its final state, disposition, receipt and diagnosis.</param>
    public static IReadOnlyList<MailboxChange> Finish(StoredMessage message)
    {
        if (message.Account is not { } account || account.StartsWith(OutsideRoute.Prefix, StringComparison.Ordinal) || message.Payloads is not [var payload, ..])
            return [];
        var moves = new List<MailboxChange> { new(account, RemoveOfMessage: MailboxFolder.Outbox) };
        if (message.State == MessageState.Acknowledged)
            moves.Add(new(account, Add: new NewMailboxFile(MailboxFolder.Sent, SubmissionReport.NameOf(message), payload.Content)));
        moves.AddRange(SubmissionReport.Files(message).Select(file => new MailboxChange(account, Add: file)));
        return moves;
    }
}
