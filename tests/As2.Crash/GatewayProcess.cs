using System.Diagnostics;
using System.Globalization;

namespace As2.Crash;

/// <summary>The gateway as a process of its own, and its deaths.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process, TextWriter said)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data, said);
        process.ErrorDataReceived += (_, line) => Take(line.Data, said);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Died = process.WaitForExitAsync();
    }

    /// <summary>Ends when it listens, or is dead.</summary>
    public Task Ready => Task.WhenAny(_ready.Task, Died);

    public bool IsReady => _ready.Task.IsCompleted;

    public Task Died { get; }

    /// <param name="options">Folder and ports.</param>
    /// <param name="said">Takes what it says.</param>
    /// <param name="point">The armed crash point with its count, or null.</param>
    /// <param name="environment">Variables added to ours, or null.</param>
    public static GatewayProcess Start(
        CrashOptions options, TextWriter said, string? point = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(GatewayProcess).Assembly.Location);
        foreach (var argument in (string[])
            ["gateway", "--data", options.Data!, "--port", Text(options.Port), "--outside", Text(options.OutsidePort)])
            start.ArgumentList.Add(argument);
        foreach (var argument in options.Bed is { } bed ? (string[])["--bed", bed, "--daemon", options.Daemon] : [])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        // It lives a second: counting its calls for a better compilation later is in vain.
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (point is not null)
            start.Environment["AS2_CRASH_POINT"] = point;
        return new GatewayProcess(Process.Start(start)!, said);
    }

    public void Kill() => _process.Kill();

    /// <summary>Stops it for a while, as a machine that swaps does.</summary>
    public async Task StallAsync(TimeSpan time)
    {
        await SignalAsync("-STOP");
        await Task.Delay(time);
        await SignalAsync("-CONT");
    }

    /// <summary>Ends it in order.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("-TERM");
        await Died;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await Died;
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, Text(_process.Id)]);
        await kill.WaitForExitAsync();
    }

    private void Take(string? line, TextWriter said)
    {
        if (line == "ready")
            _ready.TrySetResult();
        else if (line is not null)
            said.WriteLine(line);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
