using As2.Agreements;
using As2.Headers;
using As2.Routes;
using As2.Storage;
using As2.Telemetry;
using Microsoft.Extensions.Options;

namespace As2.Transmission;

/// <summary>What an operator does to outbound messages. Thread-safe.</summary>
public sealed class MessageOperations(PartnerServices partners, StorageServices storage, IOptions<As2Options> options, TimeProvider clock)
{
    private static readonly MessageState[] s_open =
        [MessageState.Submitted, MessageState.Packaged, MessageState.Sending, MessageState.AwaitingReceipt, MessageState.RetryWait, MessageState.Suspended];

    /// <summary>Sends a payload anew: a new message with a new Message-ID, linked to the old one, which stays as it is.</summary>
    /// <param name="id">Our identifier of an outbound message that came to its end.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Our identifier of the new message.</returns>
    /// <exception cref="As2Exception">
    /// AS2-SEND-001: the partnership has no endpoint; AS2-SEND-003: no such outbound message; AS2-SEND-004: it is still under way;
    /// AS2-SEND-005: its payload was purged.
    /// </exception>
    public async ValueTask<string> ResubmitAsync(string id, CancellationToken cancellationToken)
    {
        var old = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (s_open.Contains(old.State))
            throw new As2Exception("AS2-SEND-004", $"Message {id} is {old.State}: it is still under way under its own Message-ID. Cancel it first, or wait.");
        if (old.Payloads.Any(p => p.Content.IsPurged))
            throw new As2Exception("AS2-SEND-005", $"The payload of message {id} was removed by the retention policy. Submit the file again.");
        var partnership = await partners.Directory.FindAsync(old.Key.Local, old.Key.Partner, cancellationToken).ConfigureAwait(false);
        if (partnership?.Endpoint is null)
            throw new As2Exception("AS2-SEND-001", $"There is no partnership of {old.Key.Local} with {old.Key.Partner}, or it has no endpoint: set Partnership.Endpoint to the partner's address.");
        var anew = Anew(old);
        await storage.Messages.SubmitAsync(anew, cancellationToken).ConfigureAwait(false);
        await storage.Messages.ReconcileAsync(id, Remark(old, ("resubmitted", $"as message {anew.Message.Id}")), cancellationToken).ConfigureAwait(false);
        return anew.Message.Id;
    }

    /// <summary>Withdraws a message. What the partner already has is not called back.</summary>
    /// <returns>False: it came to its end before.</returns>
    /// <exception cref="As2Exception">AS2-SEND-003: no such outbound message.</exception>
    public async ValueTask<bool> CancelAsync(string id, CancellationToken cancellationToken)
    {
        const string Reason = "withdrawn by an operator";
        var message = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        var isCancelled = await storage.Messages.ReconcileAsync(id, new Transition
        {
            From = s_open,
            To = MessageState.Cancelled,
            Diagnosis = Reason,
            Mailbox = OutboxMoves.Finish(message with { State = MessageState.Cancelled, Diagnosis = Reason }),
            NewJobs = OutsideRoute.Report(message),
            Events = [("cancelled", Reason)],
        }, cancellationToken).ConfigureAwait(false);
        if (isCancelled)
            Measures.Count(message.Key, Outcomes.Of(MessageState.Cancelled), null);
        return isCancelled;
    }

    /// <summary>Makes due what is suspended; see <see cref="As2Sender.ResumeAsync"/>.</summary>
    internal async ValueTask<int> ResumeAsync(As2Identifier local, As2Identifier partner, CancellationToken cancellationToken)
    {
        var resumed = 0;
        string? before = null;
        IReadOnlyList<MessageSummary> page;
        do
        {
            page = await storage.Journal.ListAsync(
                new MessageQuery { State = MessageState.Suspended, Local = local, Partner = partner, Before = before, Max = 200 }, cancellationToken).ConfigureAwait(false);
            foreach (var message in page)
            {
                var step = new Transition
                {
                    From = [MessageState.Suspended], To = MessageState.RetryWait, Job = JobOutcome.Retry, Events = [("resumed", "tried again now")],
                };
                resumed += await storage.Messages.ReconcileAsync(message.Id, step, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
            before = page.Count > 0 ? page[^1].Id : null;
        }
        while (page.Count > 0);
        return resumed;
    }

    private async ValueTask<StoredMessage> FindAsync(string id, CancellationToken cancellationToken)
        => await storage.Journal.GetAsync(id, cancellationToken).ConfigureAwait(false) is { Key.Direction: MessageDirection.Outbound } message
            ? message
            : throw new As2Exception("AS2-SEND-003", $"There is no outbound message {id}. The identifier is the gateway's own, 32 hexadecimal digits, not the Message-ID.");

    private NewMessage Anew(StoredMessage old)
    {
        var messageId = MessageId.New(options.Value.MessageIdHost, clock.GetUtcNow());
        return new NewMessage
        {
            Message = new StoredMessage
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"),
                Key = old.Key with { MessageId = MessageId.KeyOf(messageId) },
                MessageId = messageId,
                State = MessageState.Submitted,
                Payloads = old.Payloads,
                Account = old.Account,
                ResubmissionOf = old.Id,
                TraceParent = As2Telemetry.Context,
            },
            Jobs = [new NewJob(JobKind.Send)],
            Events = [("submitted", $"anew, by an operator, for message {old.Id}")],
        };
    }

    private static Transition Remark(StoredMessage message, (string, string) line)
        => new() { From = [message.State], To = message.State, KeepsState = true, Job = JobOutcome.Continue, Events = [line] };
}
