using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Notices;

namespace ManagedGateway.Operations.Alerts;

/// <summary>The gateway itself: its users, its audit log, and whether anybody hears of alerts.</summary>
internal sealed class GatewayCheck(Users users, AuditChain chain, Outbox outbox, ChecksContext context) : IAlertCheck
{
    public Task<IReadOnlyList<AlertCondition>> CheckAsync(CancellationToken cancellationToken)
    {
        var found = new List<AlertCondition>();
        foreach (var user in users.List().Where(u => u.LockedUntil > context.Now))
            found.Add(new($"security|locked|{user.Number}", ChecksContext.Security, $"User {user.Name} is locked", $"{Users.MaxFailures} wrong passwords in a row for {user.Name}. If it was not they, look who can reach the console."));
        if (chain.Broken is { } line)
            found.Add(new("security|audit", ChecksContext.Security, "The audit log was altered", $"Line {line} of the audit log does not fit the one before: somebody wrote to its database. Compare it with a backup."));
        foreach (var (channel, waiting, failure) in outbox.Waiting().Where(w => w.Failure is not null))
            found.Add(new($"notice|{channel}", ChecksContext.Notice, $"{channel} takes no notices", $"{waiting} notices wait for {channel}: {failure}. They are tried for three days."));
        return Task.FromResult<IReadOnlyList<AlertCondition>>(found);
    }
}
