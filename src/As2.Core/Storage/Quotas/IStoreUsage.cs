using As2.Agreements;

namespace As2.Storage;

/// <summary>Knows what each of our AS2 names used, without counting anew. Thread-safe.</summary>
public interface IStoreUsage
{
    /// <summary>What one name used.</summary>
    /// <param name="local">One of our AS2 names.</param>
    /// <param name="day">Any moment of the day, in UTC, whose messages are meant.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<StationUsage> GetUsageAsync(As2Identifier local, DateTimeOffset day, CancellationToken cancellationToken);
}

/// <summary>What one of our AS2 names used.</summary>
/// <param name="Messages">Messages of that day, both ways; refused ones do not count.</param>
/// <param name="Bytes">The payloads that are still kept, of every day.</param>
public readonly record struct StationUsage(long Messages, long Bytes);
