using As2.Storage;

namespace As2.Routes;

/// <summary>
/// Takes received payloads somewhere: a mailbox, a folder, a server, the application. Named; partnerships refer to it by that name.
/// Thread-safe.
/// </summary>
public interface IPayloadDestination
{
    /// <summary>The name that <see cref="Agreements.Partnership.Routes"/> uses.</summary>
    string Name { get; }

    /// <summary>
    /// Hands over every payload of one message, all or none; of a message that was sent from here, what its submitter is told. May be called again for the same message after a crash:
    /// <see cref="Delivery.Message"/>'s identifier is the same then. An exception means: try again later.
    /// </summary>
    ValueTask<DeliveryOutcome> DeliverAsync(Delivery delivery, CancellationToken cancellationToken);
}

/// <summary>Finds destinations that come and go while the host runs, where none was registered under that name. Thread-safe.</summary>
public interface IPayloadDestinationLookup
{
    /// <summary>The destination of this name, or null: there is none (now); the delivery is tried again.</summary>
    IPayloadDestination? Find(string name);
}

/// <summary>One message on its way to one destination.</summary>
public sealed class Delivery
{
    private readonly StorageServices _storage;
    private readonly IStoreKeeping? _keeping;
    private readonly Job _job;

    internal Delivery(StoredMessage message, Job job, StorageServices storage, IStoreKeeping? keeping)
        => (Message, _job, _storage, _keeping) = (message, job, storage, keeping);

    /// <summary>The message; its payloads are durable and verified.</summary>
    public StoredMessage Message { get; }

    /// <summary>Rises with every new owner of this delivery; part of every temporary name outside.</summary>
    public long Fence => _job.Fence;

    /// <summary>How often this delivery was begun, from 1.</summary>
    public int Attempt => _job.Attempt;

    /// <summary>What an earlier owner's <see cref="CheckpointAsync"/> left, or null.</summary>
    public string? Note => _job.Note;

    /// <summary>Opens a payload from its start. The caller disposes the stream.</summary>
    public ValueTask<Stream> OpenAsync(StoredPayload payload, CancellationToken cancellationToken) => OpenAsync(payload.Content, cancellationToken);

    /// <summary>Opens content of <see cref="RouteFile.Of"/> from its start. The caller disposes the stream.</summary>
    public ValueTask<Stream> OpenAsync(StoredContent content, CancellationToken cancellationToken)
        => _storage.Blobs.OpenReadAsync(content, cancellationToken);

    /// <summary>
    /// Whether a message of this gateway has nothing left to be delivered: nobody asks any more for what an owner that came too late left
    /// of it outside. False for messages that the gateway does not know, and always with a store that is no <see cref="IStoreKeeping"/>.
    /// </summary>
    /// <param name="messageId">Our identifier of the message.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public ValueTask<bool> IsDoneAsync(string messageId, CancellationToken cancellationToken)
        => _keeping?.IsDoneAsync(messageId, JobKind.Deliver, cancellationToken) ?? ValueTask.FromResult(false);

    /// <summary>Makes a note durable before a step outside that cannot be undone. False: another owner has taken over, stop now.</summary>
    public ValueTask<bool> CheckpointAsync(string note, CancellationToken cancellationToken)
        => _storage.Messages.ApplyAsync(_job, new Transition
        {
            From = [Message.State],
            To = Message.State,
            KeepsState = true,
            Job = JobOutcome.Continue,
            Note = note,
        }, cancellationToken);
}

/// <summary>How a delivery ended.</summary>
/// <param name="IsDelivered">True: the destination has it.</param>
/// <param name="Text">Plain words for the message's history.</param>
/// <param name="Mailbox">Mailbox files to add in the same transaction that records the delivery.</param>
public sealed record DeliveryOutcome(bool IsDelivered, string Text, IReadOnlyList<MailboxChange> Mailbox)
{
    /// <summary>With a delivery: further lines for the history, recorded with it. See <see cref="Alert"/>.</summary>
    public IReadOnlyList<(string Kind, string Text)> Alerts { get; init; } = [];

    /// <summary>The destination has it.</summary>
    public static DeliveryOutcome Delivered(string text) => new(true, text, []);

    /// <summary>Not now; it will be tried again.</summary>
    public static DeliveryOutcome NotYet(string text) => new(false, text, []);
}
