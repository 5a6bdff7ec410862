using As2.Storage;
using ManagedGateway.Configuration;

namespace ManagedGateway.Operations.Alerts;

/// <summary>This machine: its disk, its way to the store, the certificates of its listeners.</summary>
internal sealed class NodeCheck(IStoreHealth health, GatewayOptions options, GatewaySettings settings, LiveSettings live, ChecksContext context) : IAlertCheck
{
    public bool IsOfNode => true;

    public Task<IReadOnlyList<AlertCondition>> CheckAsync(CancellationToken cancellationToken)
    {
        var (found, free) = (new List<AlertCondition>(), new DriveInfo(options.Data).AvailableFreeSpace);
        if (free < live.Current.Settings.Alerts.DiskFree)
            found.Add(new("disk|free", ChecksContext.Disk, $"The disk{context.Here} is nearly full", $"{free >> 20} MiB are free where the data folder{context.Here} lies. Make room, or shorten how long messages are kept."));
        if (health.Check() is { TakesWork: false, Reason: { } reason })
            found.Add(new("disk|store", ChecksContext.Disk, $"The store{context.Here} takes no work", reason));
        foreach (var (name, file) in new[] { ("FTPS listener", settings.Listen.FtpsCertificate), ("console", settings.Console?.Certificate) })
        {
            if (file is not null && context.Ending(EndOf(file), live.Current.Settings.Alerts) is { } left)
            {
                found.Add(new AlertCondition($"certificate|listener|{name}", ChecksContext.Certificate, $"certificate of the {name}{context.Here}",
                    $"The certificate of the {name}{context.Here} ({file}) {ChecksContext.Words(left)}. Renew it, and start the gateway again.")
                { Level = left });
            }
        }
        return Task.FromResult<IReadOnlyList<AlertCondition>>(found);
    }

    private DateTimeOffset? EndOf(string file)
    {
        using var certificate = context.Files.LoadCertificate(file);
        return certificate.NotAfter;
    }
}
