using System.Diagnostics;
using As2.Testing;

namespace As2.Crash;

/// <summary>
/// Kills the gateway under load, at every named point one after another and at random moments, starts it again, and compares what it
/// acknowledged with what arrived.
/// </summary>
internal sealed class Campaign
{
    /// <summary>The points of the crash tables. D5 is killed from outside, in the moment of the rename.</summary>
    public static readonly IReadOnlyList<string> Points =
        ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "D1", "D2", "D3", "D4", "D5", "D7", "O1", "O2", "O3", "O4", "O5", "O6", "O7", "O8", "O9",
         "migration", "recover", "purge", "backup"];

    private const int StallEvery = 25, SayEvery = 50;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10), s_patienceAtRandom = TimeSpan.FromSeconds(3);

    private readonly CrashOptions _options;
    private readonly Partners _partners;
    private readonly Ledger _ledger;
    private readonly TextWriter _said;
    private readonly CancellationToken _interrupted;
    private readonly Stopwatch _running = Stopwatch.StartNew();
    private readonly Tally _tally = new();
    private int _rounds;

    private Campaign(CrashOptions options, Partners partners, Ledger ledger, TextWriter said, CancellationToken interrupted)
        => (_options, _partners, _ledger, _said, _interrupted) = (options, partners, ledger, said, interrupted);

    /// <returns>0 when nothing was lost, doubled, falsely acknowledged or stuck.</returns>
    public static async Task<int> RunAsync(CrashOptions options, TextWriter output, CancellationToken interrupted)
    {
        var isOurs = options.Data is null;
        var root = options.Data ?? Directory.CreateTempSubdirectory("as2-crash-").FullName;
        var (ledger, port) = (new Ledger(), FreePort.TakeRange(2));
        await using var partners = await Partners.StartAsync(ledger, port, options.Outside);
        options = options with { Data = Path.Combine(root, "data"), Port = port, OutsidePort = partners.OutsidePort };
        World.Write(options.Data, port, partners.Port);
        bool isClean;
        await using (var log = new StreamWriter(Path.Combine(root, "gateway.log")) { AutoFlush = true })
        {
            var campaign = new Campaign(options, partners, ledger, TextWriter.Synchronized(log), interrupted);
            isClean = await campaign.RunAsync(output);
        }
        if (isClean && isOurs)
            Directory.Delete(root, recursive: true);
        else
            await output.WriteLineAsync($"kept: {root}");
        return isClean ? 0 : 1;
    }

    private async Task<bool> RunAsync(TextWriter output)
    {
        using var stop = new CancellationTokenSource();
        var traffic = new Traffic(_ledger, _partners, _options.Data!, _options.Port, stop.Token);
        var running = traffic.RunAsync();
        foreach (var point in _options.Points.Count > 0 ? _options.Points : Points)
        {
            for (var kill = 0; kill < _options.Kills && !IsOver; kill++)
                await KillAtAsync(point);
            await SayAsync(output, point);
        }
        for (var kill = 1; kill <= _options.Random && !IsOver; kill++)
        {
            await KillSomewhereAsync();
            if (kill % SayEvery == 0)
                await SayAsync(output, Tally.Random);
        }
        await SayAsync(output, Tally.Random);

        var report = new Report(_ledger, Inside.Of(_options.Data!), _partners.Outside, GatewayProgram.Outside(_options));
        await using (var last = GatewayProcess.Start(_options, _said))
        {
            await last.Ready;
            _partners.Hurry();
            traffic.EndOffers();
            await report.DrainAsync(_partners);
            await last.StopAsync();
        }
        await stop.CancelAsync();
        await running;
        return await report.WriteAsync($"kills {_tally.Kills}", output) && !_tally.HasFailure;
    }

    private bool IsOver => _interrupted.IsCancellationRequested || _running.Elapsed.TotalSeconds > _options.Seconds;

    private async Task SayAsync(TextWriter output, string where)
    {
        if (!_interrupted.IsCancellationRequested)
            await output.WriteLineAsync($"{_running.Elapsed.TotalSeconds,6:0} s  {_tally.Line(where)}  ({_tally.Kills} in all, {_tally.Stalls} stalls, {_ledger.Entries.Count()} offered)");
    }

    /// <summary>Arms a point and waits for the death there; a gateway that did not pass it is killed at that moment instead.</summary>
    private async Task KillAtAsync(string point)
    {
        if (point == "migration" && File.Exists(Path.Combine(_options.Data!, "as2.db")))
        {
            await KillInMigrationAsync();
            return;
        }
        var count = point is "recover" or "purge" or "backup" ? 1 : Random.Shared.Next(1, 4);
        await using var gateway = GatewayProcess.Start(_options, _said, point == "D5" ? null : $"{point}:{count}");
        await gateway.Ready;
        if (point == "D5")
            _partners.Outside.AtRename = gateway.Kill;
        _partners.Hurry();
        var died = await Task.WhenAny(gateway.Died, Task.Delay(s_patience, _interrupted)) == gateway.Died;
        _partners.Outside.AtRename = null;
        _tally.Count(died ? point : Tally.Random, died ? null : point);
        await AfterwardsAsync();
    }

    /// <summary>A new data folder, whose tables are never finished, and then are.</summary>
    private async Task KillInMigrationAsync()
    {
        var fresh = _options with { Data = _options.Data + "-new", Port = FreePort.TakeRange(2) };
        World.Write(fresh.Data!, fresh.Port, _partners.Port);
        await using (var gateway = GatewayProcess.Start(fresh, _said, "migration:1"))
            await gateway.Died;
        await using (var gateway = GatewayProcess.Start(fresh, _said))
        {
            await gateway.Ready;
            _tally.Count(gateway.IsReady ? "migration" : Tally.Failed, null);
        }
        Directory.Delete(fresh.Data!, recursive: true);
    }

    private async Task KillSomewhereAsync()
    {
        await using var gateway = GatewayProcess.Start(_options, _said);
        // One in eight dies while it starts.
        if (Random.Shared.Next(8) == 0)
        {
            await Task.WhenAny(gateway.Ready, Task.Delay(Random.Shared.Next(50, 700)));
        }
        else
        {
            // After some progress and not after some time, of which a busy machine makes nothing.
            await gateway.Ready;
            _partners.Hurry();
            await _ledger.SeeAsync(Random.Shared.Next(30), s_patienceAtRandom);
            await Task.Delay(Random.Shared.Next(20));
        }
        if (++_rounds % StallEvery == 0 && gateway.IsReady)
        {
            await gateway.StallAsync(GatewayProgram.Lease + TimeSpan.FromSeconds(1));
            _tally.Stalls++;
            await Task.Delay(Random.Shared.Next(1000));
        }
        gateway.Kill();
        _tally.Count(Tally.Random, null);
        await AfterwardsAsync();
    }

    private async Task AfterwardsAsync()
    {
        _partners.Gateway.End();
        if (_tally.Kills % 50 == 0)
            await _partners.ForgetAsync();
        foreach (var backup in (string[])[_options.Data + "-backup", _options.Data + "-backup.part"])
        {
            if (Directory.Exists(backup))
                Directory.Delete(backup, recursive: true);
        }
    }
}
