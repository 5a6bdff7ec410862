using As2.Routes;

namespace As2.Storage;

/// <summary>The kinds of durable work.</summary>
public enum JobKind
{
    /// <summary>Hand a received payload to the routes.</summary>
    Deliver,

    /// <summary>Send a message, or send it again.</summary>
    Send,

    /// <summary>Post an asynchronous receipt.</summary>
    SendReceipt,
}

/// <summary>
/// A claimed job: a lease in the store's time, and a fence. Every write that follows names the fence; a stalled former owner
/// changes nothing.
/// </summary>
/// <param name="Id">The store's identifier of the job.</param>
/// <param name="Kind">Which work.</param>
/// <param name="MessageId">Our identifier of the message.</param>
/// <param name="Fence">Rises with every claim.</param>
/// <param name="Attempt">How often this job was claimed, from 1.</param>
/// <param name="LeaseUntil">By the store's clock.</param>
/// <param name="Route">With <see cref="JobKind.Deliver"/>: the name of the route. One job per route.</param>
/// <param name="Note">What the last checkpoint left for whoever continues, or null.</param>
public sealed record Job(
    long Id, JobKind Kind, string MessageId, long Fence, int Attempt, DateTimeOffset LeaseUntil, string? Route = null, string? Note = null);

/// <summary>What becomes of the job in a transition.</summary>
public enum JobOutcome
{
    /// <summary>The job is still ours: a checkpoint.</summary>
    Continue,

    /// <summary>The job is done and gone.</summary>
    Done,

    /// <summary>The job is due again after <see cref="Transition.RetryAfter"/>.</summary>
    Retry,
}

/// <summary>A new job in a transition or a new message.</summary>
/// <param name="Kind">Which work.</param>
/// <param name="Delay">When it is due, from now by the store's clock.</param>
/// <param name="Route">With <see cref="JobKind.Deliver"/>: the name of the route.</param>
public readonly record struct NewJob(JobKind Kind, TimeSpan Delay = default, string? Route = null);

/// <summary>
/// One legal step of a message, applied whole or not at all: the state, what came with it, what becomes of the job, and the
/// mailbox files that move with it.
/// </summary>
public sealed record Transition
{
    /// <summary>The states from which this step is legal.</summary>
    public required IReadOnlyList<MessageState> From { get; init; }

    /// <summary>The state after it.</summary>
    public required MessageState To { get; init; }

    /// <summary>
    /// True: the state changes only when the job ends with this step and no other job of its kind is left for the message; otherwise
    /// it stays as it is and the rest of the step is applied. A message is delivered when its last route took it.
    /// </summary>
    public bool WhenLastOfKind { get; init; }

    /// <summary>True: legal from every state, which stays as it is; <see cref="From"/> and <see cref="To"/> only say what was seen.</summary>
    public bool KeepsState { get; init; }

    /// <summary>What becomes of the job.</summary>
    public JobOutcome Job { get; init; } = JobOutcome.Done;

    /// <summary>With <see cref="JobOutcome.Retry"/>: when the job is due again.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Left on a job that continues or is due again, for whoever takes it next; null: as before.</summary>
    public string? Note { get; init; }

    /// <summary>Further jobs that begin with this step.</summary>
    public IReadOnlyList<NewJob> NewJobs { get; init; } = [];

    /// <summary>Wire bytes to keep, or null: as before.</summary>
    public WireMessage? Wire { get; init; }

    /// <summary>Receipt to keep, or null: as before.</summary>
    public WireMessage? Receipt { get; init; }

    /// <summary>Disposition to keep, or null: as before.</summary>
    public string? Disposition { get; init; }

    /// <summary>MICs to keep, or null: as before.</summary>
    public IReadOnlyList<string>? Mics { get; init; }

    /// <summary>What was applied, or null: as before.</summary>
    public string? Security { get; init; }

    /// <summary>Plain words for the operator, or null: as before.</summary>
    public string? Diagnosis { get; init; }

    /// <summary>Counts an attempt to send.</summary>
    public bool CountAttempt { get; init; }

    /// <summary>Mailbox files that change in the same transaction.</summary>
    public IReadOnlyList<MailboxChange> Mailbox { get; init; } = [];

    /// <summary>Lines for the message's history: kind and text.</summary>
    public IReadOnlyList<(string Kind, string Text)> Events { get; init; } = [];
}
