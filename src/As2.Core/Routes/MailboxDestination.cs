using As2.Payloads;
using As2.Storage;

namespace As2.Routes;

/// <summary>
/// Puts payloads into the <c>inbox</c> of an account of the embedded server. The files appear in the transaction that accepts the
/// message, or else in the one that records the delivery, so exactly once. Named <c>mailbox:ACCOUNT</c>.
/// </summary>
/// <param name="account">The account.</param>
/// <param name="naming">How files are named, without sub-folders; a name that is taken gets a number. Default: <see cref="FileNamePattern.Original"/>.</param>
public sealed class MailboxDestination(string account, FileNamePattern? naming = null) : IPayloadDestination
{
    /// <summary>The start of the name of every such route.</summary>
    public const string Prefix = "mailbox:";

    private readonly FileNamePattern _naming = naming is null || !naming.ToString().Contains('/', StringComparison.Ordinal)
        ? naming ?? FileNamePattern.Original
        : throw new As2Exception("AS2-ROUTE-001", $"The file name pattern '{naming}' cannot be used: an inbox has no sub-folders; write one segment.");

    /// <inheritdoc/>
    public string Name => Prefix + account;

    /// <inheritdoc/>
    public ValueTask<DeliveryOutcome> DeliverAsync(Delivery delivery, CancellationToken cancellationToken)
        => ValueTask.FromResult(Deliver(delivery.Message));

    /// <summary>The files that a transaction of the message's store has to add.</summary>
    internal DeliveryOutcome Deliver(StoredMessage message)
    {
        var files = message.Payloads
            .Select(p => new MailboxChange(account, Add: new NewMailboxFile(
                MailboxFolder.Inbox, _naming.Format(p, message), p.Content)))
            .ToList();
        var names = string.Join(", ", files.Select(f => f.Add!.Name));
        return new DeliveryOutcome(true, $"to {account}/{MailboxFolder.Inbox}: {names}", files);
    }
}
