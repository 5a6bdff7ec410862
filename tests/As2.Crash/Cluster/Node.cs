using As2.Testing;

namespace As2.Crash.Cluster;

/// <summary>One node with a data folder of its own, which is started again whenever it ended, and its way to the database.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly CrashOptions _options;
    private readonly TextWriter _said;
    private readonly FrontDoor _door;
    private readonly Task _running;
    private volatile GatewayProcess? _process;
    private volatile bool _isOver;

    /// <param name="options">Where the partners are.</param>
    /// <param name="data">Its folder.</param>
    /// <param name="world">Writes the folder, told the database's port as this node sees it.</param>
    /// <param name="database">The database's port.</param>
    /// <param name="said">Takes what it says.</param>
    public Node(CrashOptions options, string data, Action<string, int> world, int database, TextWriter said)
    {
        Port = FreePort.TakeRange(2);
        _options = options with { Data = data, Port = Port };
        _said = said;
        _door = new FrontDoor(FreePort.TakeRange(1), database);
        _door.Open();
        world(data, _door.Port);
        _running = SuperviseAsync();
    }

    /// <summary>AS2; FTPS is on the next one.</summary>
    public int Port { get; }

    public string Data => _options.Data!;

    /// <summary>Ends when it listens.</summary>
    public async Task ReadyAsync()
    {
        while (_process is not { IsReady: true, Died.IsCompleted: false } && !_isOver)
            await Task.Delay(50);
    }

    public void Kill() => _process?.Kill();

    /// <summary>Stops it for a while, as a machine that swaps does.</summary>
    public Task StallAsync(TimeSpan time) => _process is { Died.IsCompleted: false } process ? process.StallAsync(time) : Task.CompletedTask;

    /// <summary>Ends it in order; it is started again.</summary>
    public Task DrainAsync() => _process is { Died.IsCompleted: false } process ? process.StopAsync() : Task.CompletedTask;

    /// <summary>Its connections to the database are reset, and new ones refused, for a while.</summary>
    public async Task CutAsync(TimeSpan time)
    {
        _door.Shut();
        await Task.Delay(time);
        _door.Open();
    }

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await DrainAsync();
        await _running;
        await _door.DisposeAsync();
    }

    private async Task SuperviseAsync()
    {
        await Task.Yield();
        while (!_isOver)
        {
            await using var process = GatewayProcess.Start(_options, _said);
            _process = process;
            await process.Died;
        }
    }
}
