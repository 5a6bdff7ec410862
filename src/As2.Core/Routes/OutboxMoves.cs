using As2.Storage;

namespace As2.Routes;

/// <summary>
/// How the file of an outbound message leaves the account's <c>outbox</c>: to <c>sent</c>, or to <c>failed</c> with a plain reason,
/// with receipt and status beside.
/// </summary>
internal static class OutboxMoves
{
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
