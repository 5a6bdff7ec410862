namespace As2.Storage;

/// <summary>How long a store keeps what is finished. Whatever is not final, or has a job left, is kept.</summary>
public sealed record RetentionPolicy
{
    /// <summary>
    /// What a host goes by that keeps its messages in memory and says nothing else: contents for an hour, records, and with them the
    /// knowledge of duplicates, for three days.
    /// </summary>
    public static RetentionPolicy OfMemory { get; } = new() { Contents = TimeSpan.FromHours(1), Records = TimeSpan.FromDays(3) };

    /// <summary>Payloads and wire messages, from the last change of state on. Lengths, digests and receipts stay. Default 30 days.</summary>
    public TimeSpan Contents { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// The whole record with its receipt, history and duplicate key, from the last change of state on. Default 400 days. Not below
    /// <see cref="Contents"/>, nor below the time in which a partner may send again.
    /// </summary>
    public TimeSpan Records { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Blobs that no row ever named, left by a crash. Longer than any request may last. Default 24 hours.</summary>
    public TimeSpan Orphans { get; init; } = TimeSpan.FromHours(24);
}
