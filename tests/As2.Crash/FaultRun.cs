using System.Diagnostics;
using As2.Testing;

namespace As2.Crash;

/// <summary>
/// Troubles of the disk, the database, the clock and the partner, one after another under load, against one gateway that nobody
/// restarts. Those that fill the disk expect the data folder on a small file system of its own.
/// </summary>
internal sealed class FaultRun(CrashOptions options, Partners partners, Ledger ledger, CancellationToken interrupted)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120), s_quiet = TimeSpan.FromSeconds(1.5);

    private readonly List<double> _healed = [];
    private int _tried;

    /// <returns>0 when every trouble healed and nothing was lost, doubled, falsely acknowledged or stuck.</returns>
    public static async Task<int> RunAsync(CrashOptions options, TextWriter output, CancellationToken interrupted)
    {
        var (ledger, port) = (new Ledger(), FreePort.TakeRange(2));
        await using var partners = await Partners.StartAsync(ledger, port, bed: null, hasDoor: true);
        options = options with { Data = Path.Combine(options.Data!, "data"), Port = port, OutsidePort = partners.OutsidePort };
        World.Write(options.Data, port, partners.Port);
        using var away = new TempFolder();
        var shim = new FaultShim(away.Path, Path.Combine(Repository.Root, "tests", "As2.Crash", "faults.c"));
        return await new FaultRun(options, partners, ledger, interrupted).RunAsync(shim, output) ? 0 : 1;
    }

    private async Task<bool> RunAsync(FaultShim shim, TextWriter output)
    {
        using var stop = new CancellationTokenSource();
        var traffic = new Traffic(ledger, partners, options.Data!, options.Port, stop.Token);
        var report = new Report(ledger, Inside.Of(options.Data!), partners.Outside, GatewayProgram.Outside(options));
        var said = new LastLines(40);
        bool isAlive;
        await using (var gateway = GatewayProcess.Start(options, said, null, shim.Environment))
        {
            await gateway.Ready;
            partners.Hurry();
            var running = traffic.RunAsync();
            await TroubleAsync(gateway, shim, output);
            traffic.EndOffers();
            isAlive = !gateway.Died.IsCompleted;
            if (isAlive)
                await report.DrainAsync(partners);
            await gateway.StopAsync();
            await stop.CancelAsync();
            await running;
        }
        if (_healed.Count < _tried || !isAlive)
            await output.WriteLineAsync($"{(isAlive ? "" : "the gateway ended by itself. ")}Its last words:\n{said}");
        var longest = _healed.Count > 0 ? _healed.Max() : 0;
        return await report.WriteAsync($"troubles {_tried}, healed {_healed.Count}, the slowest after {longest:0.0} s", output)
            && _healed.Count == _tried && isAlive;
    }

    private async Task TroubleAsync(GatewayProcess gateway, FaultShim shim, TextWriter output)
    {
        var faults = new MachineFaults(options.Data!, shim).All().Concat(new PartnerFaults(partners).All());
        foreach (var fault in faults.Where(f => options.Points.Count == 0 || options.Points.Any(p => f.Name.Contains(p, StringComparison.Ordinal))))
        {
            if (interrupted.IsCancellationRequested || gateway.Died.IsCompleted)
                return;
            await WaitAsync(s_quiet, gateway);
            _tried++;
            await output.WriteLineAsync($"{fault.Name,-36}{await TryAsync(fault, gateway)}");
        }
    }

    private async Task<string> TryAsync(Fault fault, GatewayProcess gateway)
    {
        var before = ledger.Entries.Count();
        var (end, lasted) = (fault.Begin(), Stopwatch.StartNew());
        await WaitAsync(TimeSpan.FromSeconds(Math.Min(options.Seconds, 10)), gateway);
        end();
        lasted.Stop();
        var (offered, healed) = (ledger.Entries.ToList(), Stopwatch.StartNew());
        while (offered.Any(Report.IsOpen) && healed.Elapsed < s_patience && !gateway.Died.IsCompleted)
            await Task.Delay(100);
        var open = offered.Where(Report.IsOpen).ToList();
        if (open.Count == 0)
            _healed.Add(healed.Elapsed.TotalSeconds);
        return $"lasted {lasted.Elapsed.TotalSeconds,4:0.0} s, {offered.Count - before,3} offered meanwhile, "
            + (open.Count == 0 ? $"healed after {healed.Elapsed.TotalSeconds:0.0} s" : $"NOT healed: {open.Count} open, such as {open[0]}");
    }

    private Task WaitAsync(TimeSpan time, GatewayProcess gateway) => Task.WhenAny(gateway.Died, Task.Delay(time, interrupted));
}

/// <summary>Keeps the last lines that were written.</summary>
internal sealed class LastLines(int count) : StringWriter
{
    private readonly Queue<string> _lines = new();

    public override void WriteLine(string? value)
    {
        lock (_lines)
        {
            _lines.Enqueue(value ?? "");
            if (_lines.Count > count)
                _lines.Dequeue();
        }
    }

    public override string ToString()
    {
        lock (_lines)
            return string.Join('\n', _lines);
    }
}
