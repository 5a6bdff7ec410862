using As2.Storage;
using As2.Transmission;

namespace ManagedGateway.Operations.Messages;

/// <summary>What an operator changes about a message. Thread-safe.</summary>
internal sealed class MessageChanges(IMessageStore store, MessageOperations operations)
{
    /// <summary>Resubmit and cancel.</summary>
    public MessageOperations Operations => operations;

    /// <summary>Which states an attempt can be made in at once.</summary>
    public static bool MayRetry(StoredMessage message)
        => message is { Key.Direction: MessageDirection.Outbound, State: MessageState.RetryWait or MessageState.Suspended };

    /// <summary>Makes its next attempt due.</summary>
    /// <returns>False: it is in another state.</returns>
    public async Task<bool> RetryAsync(StoredMessage message, CancellationToken cancellationToken)
        => MayRetry(message) && await store.ReconcileAsync(message.Id, new Transition
        {
            From = [message.State],
            To = MessageState.RetryWait,
            KeepsState = message.State == MessageState.RetryWait,
            Job = JobOutcome.Retry,
            Events = [("resumed", "tried again now, by an operator")],
        }, cancellationToken);
}
