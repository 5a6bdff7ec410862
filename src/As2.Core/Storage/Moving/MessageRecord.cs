namespace As2.Storage;

/// <summary>A message with everything that belongs to it, on its way from one store into another. Immutable.</summary>
/// <param name="Message">The message, its times as they are.</param>
/// <param name="History">Its history, oldest first.</param>
/// <param name="Jobs">The work that is left, none of it leased.</param>
public sealed record MessageRecord(StoredMessage Message, IReadOnlyList<MessageEvent> History, IReadOnlyList<JobRecord> Jobs);

/// <summary>Work that is left of a message.</summary>
/// <param name="Kind">Which work.</param>
/// <param name="Route">With <see cref="JobKind.Deliver"/>: the name of the route.</param>
/// <param name="Note">What the last checkpoint left, or null.</param>
/// <param name="Due">When it is due.</param>
/// <param name="Attempt">How often it was claimed.</param>
public sealed record JobRecord(JobKind Kind, string? Route, string? Note, DateTimeOffset Due, int Attempt);

/// <summary>How much a store holds.</summary>
/// <param name="Messages">Messages.</param>
/// <param name="Parts">Their payloads, wire messages and receipts.</param>
/// <param name="Events">Lines of their histories.</param>
/// <param name="Jobs">Work that is left.</param>
/// <param name="Files">Files of mailboxes.</param>
public sealed record StoreCounts(long Messages, long Parts, long Events, long Jobs, long Files);
