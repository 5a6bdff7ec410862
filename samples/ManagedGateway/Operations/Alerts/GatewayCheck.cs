using As2.Storage;
using ManagedGateway.Configuration;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Notices;

namespace ManagedGateway.Operations.Alerts;

/// <summary>The gateway itself: its disk, its store, its users, its audit log, and whether anybody hears of alerts.</summary>
internal sealed class GatewayCheck(
    IStoreHealth health, GatewayOptions options, LiveSettings live, Users users, AuditChain chain, Outbox outbox, ChecksContext context) : IAlertCheck
{
    public Task<IReadOnlyList<AlertCondition>> CheckAsync(CancellationToken cancellationToken)
    {
        var (found, free) = (new List<AlertCondition>(), new DriveInfo(options.Data).AvailableFreeSpace);
        if (free < live.Current.Settings.Alerts.DiskFree)
            found.Add(new("disk|free", ChecksContext.Disk, "The disk is nearly full", $"{free >> 20} MiB are free where the data folder lies. Make room, or shorten how long messages are kept."));
        if (health.Check() is { TakesWork: false, Reason: { } reason })
            found.Add(new("disk|store", ChecksContext.Disk, "The store takes no work", reason));
        foreach (var user in users.List().Where(u => u.LockedUntil > context.Now))
            found.Add(new($"security|locked|{user.Number}", ChecksContext.Security, $"User {user.Name} is locked", $"{Users.MaxFailures} wrong passwords in a row for {user.Name}. If it was not they, look who can reach the console."));
        if (chain.Broken is { } line)
            found.Add(new("security|audit", ChecksContext.Security, "The audit log was altered", $"Line {line} of the audit log does not fit the one before: somebody wrote to operations.db. Compare it with a backup."));
        foreach (var (channel, waiting, failure) in outbox.Waiting().Where(w => w.Failure is not null))
            found.Add(new($"notice|{channel}", ChecksContext.Notice, $"{channel} takes no notices", $"{waiting} notices wait for {channel}: {failure}. They are tried for three days."));
        return Task.FromResult<IReadOnlyList<AlertCondition>>(found);
    }
}
