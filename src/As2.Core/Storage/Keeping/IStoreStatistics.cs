using As2.Agreements;

namespace As2.Storage;

/// <summary>
/// Counts what a store holds, beside the work: waits for no writer and keeps none waiting. May cost as much as the counted span has
/// messages, so ask for short spans often and long ones seldom. Thread-safe.
/// </summary>
public interface IStoreStatistics
{
    /// <summary>Counts the messages made in a span, by hour or month in UTC and by what they are.</summary>
    /// <param name="from">In the first period that is counted; a period is counted whole.</param>
    /// <param name="to">The end: no period that starts then or later is counted.</param>
    /// <param name="period">How finely.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="As2Exception">AS2-STORE-*: the store cannot be read.</exception>
    Task<IReadOnlyList<MessageCount>> CountAsync(DateTimeOffset from, DateTimeOffset to, CountPeriod period, CancellationToken cancellationToken);

    /// <summary>What is under way, for each of our stations.</summary>
    /// <exception cref="As2Exception">AS2-STORE-*: the store cannot be read.</exception>
    Task<IReadOnlyList<WaitingCount>> WaitingAsync(CancellationToken cancellationToken);

    /// <summary>The sequence of the newest event; 0 when there is none.</summary>
    /// <exception cref="As2Exception">AS2-STORE-*: the store cannot be read.</exception>
    Task<long> LastEventAsync(CancellationToken cancellationToken);
}

/// <summary>How finely messages are counted.</summary>
public enum CountPeriod
{
    /// <summary>By hour.</summary>
    Hour,

    /// <summary>By month.</summary>
    Month,
}

/// <summary>Messages of one kind and one period.</summary>
/// <param name="Period">The period's start, UTC.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Local">Our AS2 name.</param>
/// <param name="Partner">The partner's AS2 name.</param>
/// <param name="State">Where they stand now.</param>
/// <param name="Messages">How many.</param>
/// <param name="Bytes">Their payloads' length together.</param>
public sealed record MessageCount(
    DateTimeOffset Period, MessageDirection Direction, As2Identifier Local, As2Identifier Partner, MessageState State, long Messages, long Bytes);

/// <summary>Messages under way in one state.</summary>
/// <param name="State">Where they stand.</param>
/// <param name="Local">Our AS2 name.</param>
/// <param name="Messages">How many.</param>
/// <param name="Oldest">When the oldest was made.</param>
public sealed record WaitingCount(MessageState State, As2Identifier Local, long Messages, DateTimeOffset Oldest);
