using As2.Payloads;
using As2.Storage;

namespace As2.Routes;

/// <summary>
/// Puts payloads into the <c>inbox</c> of an account of the embedded server. The files appear in the transaction that records the
/// delivery, so exactly once. Named <c>mailbox:ACCOUNT</c>.
/// </summary>
public sealed class MailboxDestination(string account) : IPayloadDestination
{
    /// <summary>The start of the name of every such route.</summary>
    public const string Prefix = "mailbox:";

    /// <inheritdoc/>
    public string Name => Prefix + account;

    /// <inheritdoc/>
    public ValueTask<DeliveryOutcome> DeliverAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var message = delivery.Message;
        var files = message.Payloads
            .Select(p => new MailboxChange(account, Add: new NewMailboxFile(
                MailboxFolder.Inbox, FileNamePolicy.MakeSafe(p.FileName, message.Id + ".dat"), p.Content)))
            .ToList();
        var names = string.Join(", ", files.Select(f => f.Add!.Name));
        return ValueTask.FromResult(new DeliveryOutcome(true, $"to {account}/{MailboxFolder.Inbox}: {names}", files));
    }
}
