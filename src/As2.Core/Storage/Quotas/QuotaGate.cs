using System.Collections.Concurrent;
using As2.Agreements;
using Microsoft.Extensions.Logging;

namespace As2.Storage;

/// <summary>
/// Says whether an organisation may have another message. What was accepted is finished, receipts are always taken, and a message that
/// comes again is answered. Messages that race may pass together. Thread-safe.
/// </summary>
public sealed partial class QuotaGate
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromHours(1);

    private readonly Dictionary<As2Identifier, OrganisationQuota> _quotas = [];
    private readonly ConcurrentDictionary<string, string> _alerts = new(StringComparer.Ordinal);
    private readonly IStoreUsage _usage;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <exception cref="As2Exception">AS2-STORE-014: two organisations have the same station.</exception>
    public QuotaGate(IEnumerable<OrganisationQuota> quotas, IStoreUsage usage, TimeProvider clock, ILogger<QuotaGate> logger)
    {
        (_usage, _clock, _logger) = (usage, clock, logger);
        foreach (var quota in quotas)
        {
            foreach (var station in quota.Stations)
            {
                if (!_quotas.TryAdd(station, quota))
                    throw new As2Exception("AS2-STORE-014", $"The station {station} belongs to {_quotas[station].Organisation} and to {quota.Organisation}. Name it once.");
            }
        }
    }

    /// <summary>Whether the organisation of this AS2 name of ours may have another message; without a quota always.</summary>
    /// <param name="local">One of our AS2 names.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async ValueTask<StoreHealth> CheckAsync(As2Identifier local, CancellationToken cancellationToken)
    {
        if (!_quotas.TryGetValue(local, out var quota))
            return default;
        var (now, messages, bytes) = (_clock.GetUtcNow(), 0L, 0L);
        foreach (var station in quota.Stations)
        {
            var used = await _usage.GetUsageAsync(station, now, cancellationToken).ConfigureAwait(false);
            (messages, bytes) = (messages + used.Messages, bytes + used.Bytes);
        }
        var untilTomorrow = now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime;
        if (messages >= quota.MaxMessagesPerDay)
            return Refuse(quota, $"{quota.Organisation} has had its {quota.MaxMessagesPerDay} messages of today. It goes on tomorrow (UTC), or with a higher quota.", untilTomorrow);
        if (bytes >= quota.MaxBytes)
            return Refuse(quota, $"{quota.Organisation} keeps {bytes} bytes of at most {quota.MaxBytes}. Shorten the retention, or raise the quota.", s_longestWait);
        _alerts.TryRemove(quota.Organisation, out _);
        return default;
    }

    // One alert for each time that it begins to refuse.
    private StoreHealth Refuse(OrganisationQuota quota, string reason, TimeSpan wait)
    {
        if (_alerts.TryAdd(quota.Organisation, reason))
            LogAlert(quota.Organisation, reason);
        return new StoreHealth(reason, wait < s_longestWait ? wait : s_longestWait);
    }

    [LoggerMessage(2901, LogLevel.Warning, "Alert: quota of {Organisation}: {Text}")]
    private partial void LogAlert(string organisation, string text);
}
