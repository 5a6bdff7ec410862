using System.Globalization;
using As2.Storage;

namespace ManagedGateway.Stores;

/// <summary>
/// Refuses new work while little room is left where the nodes keep large contents, as the data folder of one machine does. The folder is asked
/// apart from the work: a file system that hangs keeps nobody waiting who does not need it. Thread-safe.
/// </summary>
internal sealed class SharedFolderWatch(IStoreHealth database, string folder, long least, TimeProvider clock) : BackgroundService, IStoreHealth
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private long _free = long.MaxValue;

    public StoreHealth Check()
    {
        if (database.Check() is { TakesWork: false } troubled)
            return troubled;
        var free = Volatile.Read(ref _free);
        return free >= least ? default : new StoreHealth(string.Create(CultureInfo.InvariantCulture,
            $"Only {free >> 20} MiB are free in {folder}, where large contents are kept; below {least >> 20} MiB new work is refused. Free space there."), s_pause);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Look();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(s_interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Run(Look, CancellationToken.None);
        }
    }

    private void Look()
    {
        try
        {
            Volatile.Write(ref _free, new DriveInfo(folder).AvailableFreeSpace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there now: whoever writes there tells of it, and small contents go on.
            Volatile.Write(ref _free, long.MaxValue);
        }
    }
}
