using As2.Storage;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Operations.Figures;

/// <summary>One hour of traffic.</summary>
internal sealed record HourLine(DateTimeOffset Hour, long Received, long Sent, long Failed);

/// <summary>How it goes with one partner in the last 24 hours.</summary>
internal sealed record PartnerLine(string Local, string Partner, long Messages, long Failed);

/// <summary>What the first page shows.</summary>
internal sealed record DashboardFigures
{
    /// <summary>The last 24 hours, oldest first.</summary>
    public required IReadOnlyList<HourLine> Hours { get; init; }

    /// <summary>Ended well, of all that ended in the last 24 hours; null when nothing did.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>Messages under way.</summary>
    public long Backlog { get; init; }

    /// <summary>When the oldest of them was made.</summary>
    public DateTimeOffset? OldestWaiting { get; init; }

    /// <summary>Messages that wait for a person.</summary>
    public long Suspended { get; init; }

    /// <summary>Partners with failures, the worst first.</summary>
    public required IReadOnlyList<PartnerLine> FailingPartners { get; init; }

    /// <summary>Certificates that end within 60 days.</summary>
    public required IReadOnlyList<CertificateLine> EndingCertificates { get; init; }

    /// <summary>Free bytes where the data folder lies; null for a caller of one organisation.</summary>
    public long? DiskFree { get; init; }

    /// <summary>Why the store takes no work, or null.</summary>
    public string? StoreTrouble { get; init; }
}

/// <summary>The figures of the first page. Counting is shared by all who look within some seconds. Thread-safe.</summary>
internal sealed class Dashboard(
    IStoreStatistics statistics, Certificates certificates, Organisations organisations, IStoreHealth health, GatewayOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1);
    private (IReadOnlyList<MessageCount> Counts, IReadOnlyList<WaitingCount> Waiting) _counted = ([], []);
    private DateTimeOffset _at = DateTimeOffset.MinValue;

    /// <summary>The figures as the caller may see them.</summary>
    public async Task<DashboardFigures> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        var (all, allWaiting) = await CountAsync(cancellationToken);
        var counts = all.Where(c => organisations.Sees(caller, c.Local)).ToList();
        var waiting = allWaiting.Where(w => organisations.Sees(caller, w.Local)).ToList();
        var (good, bad) = (counts.Where(IsGood).Sum(c => c.Messages), counts.Where(IsBad).Sum(c => c.Messages));
        return new DashboardFigures
        {
            Hours = [.. Enumerable.Range(0, 24).Select(i => Hour(counts, FirstHour.AddHours(i)))],
            SuccessRate = good + bad == 0 ? null : (double)good / (good + bad),
            Backlog = waiting.Sum(w => w.Messages),
            OldestWaiting = waiting.Count == 0 ? null : waiting.Min(w => w.Oldest),
            Suspended = waiting.Where(w => w.State == MessageState.Suspended).Sum(w => w.Messages),
            FailingPartners = [.. Partners(counts).Where(p => p.Failed > 0).OrderByDescending(p => p.Failed).Take(10)],
            EndingCertificates = [.. (await certificates.ListAsync(caller, cancellationToken)).Where(c => c.DaysLeft <= 60)],
            DiskFree = caller.Organisation is null ? new DriveInfo(options.Data).AvailableFreeSpace : null,
            StoreTrouble = health.Check().Reason,
        };
    }

    public void Dispose() => _gate.Dispose();

    private DateTimeOffset FirstHour => new DateTimeOffset(_at.Year, _at.Month, _at.Day, _at.Hour, 0, 0, TimeSpan.Zero).AddHours(-23);

    private async Task<(IReadOnlyList<MessageCount>, IReadOnlyList<WaitingCount>)> CountAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetUtcNow();
            if (now - _at > s_fresh)
            {
                _counted = (await statistics.CountAsync(now.AddHours(-23), now.AddHours(1), CountPeriod.Hour, cancellationToken), await statistics.WaitingAsync(cancellationToken));
                _at = now;
            }
            return _counted;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static HourLine Hour(List<MessageCount> counts, DateTimeOffset hour)
    {
        var of = counts.Where(c => c.Period == hour).ToList();
        return new HourLine(
            hour, of.Where(c => c.Direction == MessageDirection.Inbound && !IsBad(c)).Sum(c => c.Messages),
            of.Where(c => c.Direction == MessageDirection.Outbound && !IsBad(c)).Sum(c => c.Messages), of.Where(IsBad).Sum(c => c.Messages));
    }

    private static IEnumerable<PartnerLine> Partners(List<MessageCount> counts) => counts.GroupBy(c => (c.Local, c.Partner))
        .Select(g => new PartnerLine(g.Key.Local.Value, g.Key.Partner.Value, g.Sum(c => c.Messages), g.Where(IsBad).Sum(c => c.Messages)));

    private static bool IsGood(MessageCount count) => Usage.IsBilled(count.State);

    private static bool IsBad(MessageCount count)
        => count.State is MessageState.Refused or MessageState.Rejected or MessageState.MicMismatch or MessageState.Expired or MessageState.Suspended;
}
