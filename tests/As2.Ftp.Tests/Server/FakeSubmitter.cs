using System.Collections.Concurrent;
using As2.Ftp.Server.Mailbox;
using As2.Routes;
using As2.Storage;

namespace As2.Ftp.Tests.Server;

/// <summary>The sender engine's part: a message is a file of the outbox with an identifier.</summary>
public sealed class FakeSubmitter(IMailboxStore mailbox) : IOutboxSubmitter
{
    private int _next;

    public ConcurrentQueue<OutboxFile> Submitted { get; } = new();

    /// <summary>Refuses files with this name.</summary>
    public string Refused { get; set; } = "refused.edi";

    public async ValueTask<SubmitOutcome> SubmitAsync(OutboxFile file, CancellationToken cancellationToken)
    {
        if (file.Name == Refused)
            return new SubmitOutcome(false, "There is no partnership for this account.");
        var id = $"message-{Interlocked.Increment(ref _next)}";
        if (file.Replaces is { } former && !await mailbox.RemoveAsync(file.Account, former.Folder, former.Name, cancellationToken))
            throw new As2Exception("AS2-STORE-013", "another session was quicker");
        await mailbox.AddAsync(new MailboxFile(file.Account, MailboxFolder.Outbox, file.Name, file.Content, DateTimeOffset.UnixEpoch, id), cancellationToken);
        Submitted.Enqueue(file);
        return new SubmitOutcome(true, $"Accepted as {id}.");
    }
}
