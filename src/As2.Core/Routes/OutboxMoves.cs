using System.Text;
using As2.Headers;
using As2.Payloads;
using As2.Storage;

namespace As2.Routes;

/// <summary>
/// How the file of an outbound message leaves the account's <c>outbox</c>: to <c>sent</c> with its receipt, or to <c>failed</c> with
/// a plain reason.
/// </summary>
internal static class OutboxMoves
{
    /// <summary>The moves of a message that came from an account; none for others.</summary>
    public static IReadOnlyList<MailboxChange> Finish(StoredMessage message, bool acknowledged, WireMessage? receipt, string reason)
    {
        if (message.Account is not { } account || message.Payloads is not [var payload, ..])
            return [];
        var name = FileNamePolicy.MakeSafe(payload.FileName, message.Id + ".dat");
        var moves = new List<MailboxChange>
        {
            new(account, RemoveOfMessage: MailboxFolder.Outbox),
            new(account, Add: new NewMailboxFile(acknowledged ? MailboxFolder.Sent : MailboxFolder.Failed, name, payload.Content)),
        };
        if (receipt is not null)
            moves.Add(new(account, Add: new NewMailboxFile(MailboxFolder.Receipts, name + ".mdn", AsEntity(receipt))));
        if (!acknowledged)
            moves.Add(new(account, Add: new NewMailboxFile(MailboxFolder.Failed, name + ".reason.txt", StoredContent.FromBytes(Encoding.UTF8.GetBytes(reason + "\r\n")))));
        return moves;
    }

    /// <summary>The receipt as one MIME entity that any S/MIME tool verifies.</summary>
    private static StoredContent AsEntity(WireMessage receipt)
    {
        if (receipt.Body.Inline is not { } body)
            return receipt.Body;
        var head = new StringBuilder();
        foreach (var (name, value) in receipt.Headers.Where(h => !string.Equals(h.Key, "Transfer-Encoding", StringComparison.OrdinalIgnoreCase)))
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        return StoredContent.FromBytes((byte[])[.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. body.Span]);
    }
}
