using As2;
using As2.Agreements;
using As2.Ftp.Sources;
using As2.Routes;
using As2.Storage;

namespace ManagedGateway.Outside;

/// <summary>Sends what lies in outside folders. Each folder has its own loop: a server that does not answer delays its own files only.</summary>
internal sealed class OutsideIntake(
    IReadOnlyList<(OutsideSettings Settings, OutsideConnector Connector)> folders, As2Sender sender, IPartnershipDirectory partnerships,
    StorageServices storage, ILogger<FtpSource> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(folders.Where(folder => folder.Settings.Take is not null).Select(folder => Task.Run(() => Source(folder).RunAsync(stoppingToken), stoppingToken)));

    private FtpSource Source((OutsideSettings Settings, OutsideConnector Connector) folder)
    {
        var take = folder.Settings.Take!;
        var options = new FtpSourceOptions
        {
            Name = folder.Settings.Name,
            Owner = take.Owner,
            Connect = folder.Connector.ConnectAsync,
            Folder = take.Folder,
            ClaimFolder = take.Claim,
            DoneFolder = take.Done,
            FailedFolder = $"{(take.Report ?? take.Folder).TrimEnd('/')}/{MailboxFolder.Failed}",
            Completion = take.Completion,
            TriggerEnding = take.TriggerEnding,
            StableFor = take.StableFor,
            Interval = take.Interval,
        };
        return new FtpSource(options, storage.Blobs, (file, cancellationToken) => TakeAsync(take, file, cancellationToken), log);
    }

    private async ValueTask<SourceOutcome> TakeAsync(TakeSettings take, SourceFile file, CancellationToken cancellationToken)
    {
        if (storage.Health?.Check() is { TakesWork: false })
            throw new As2Exception("GW-OUTSIDE-002", "The gateway takes no new files for the moment; they stay where they are.");
        if (storage.Quotas is { } quotas && await quotas.CheckAsync(new As2Identifier(take.Local), cancellationToken) is { Reason: { } reason })
            throw new As2Exception("GW-OUTSIDE-002", reason);
        var partnership = await partnerships.FindAsync(new As2Identifier(take.Local), new As2Identifier(take.Partner), cancellationToken);
        if (partnership?.Endpoint is null)
            return new SourceOutcome(false, $"There is no address for {take.Partner} yet; ask the operator of this gateway.");
        var payload = new StoredPayload(file.Content, partnership.ContentType, file.Name);
        var id = await sender.SubmitOnceAsync(file.Key, payload, OutsideRoute.Prefix + file.Source, partnership, cancellationToken);
        return new SourceOutcome(true, $"message {id}");
    }
}
