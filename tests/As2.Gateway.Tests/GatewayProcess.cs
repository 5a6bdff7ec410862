using System.Collections.Concurrent;
using System.Diagnostics;
using As2.Testing;

namespace As2.Gateway.Tests;

/// <summary>The gateway as a process of its own, as a team runs it.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _more = new(0);

    private GatewayProcess(Process process, int port)
    {
        (_process, Port) = (process, port);
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The AS2 port; FTPS is the next one.</summary>
    public int Port { get; }

    /// <summary>Everything it said so far.</summary>
    public string Said => string.Join('\n', _lines);

    /// <summary>Starts it on two free ports.</summary>
    public static GatewayProcess Start(string data, params string[] arguments) => Start(data, FreePort.TakeRange(3), arguments);

    /// <summary>Starts it on the given ports.</summary>
    public static GatewayProcess Start(string data, int port, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "gateway.dll"), .. arguments, "--data", data, "--port", $"{port}"])
            start.ArgumentList.Add(argument);
        return new GatewayProcess(Process.Start(start)!, port);
    }

    /// <summary>Waits until it says something that contains the text.</summary>
    public async Task SaysAsync(string text)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!HasSaid(text))
        {
            if (_process.HasExited)
            {
                // Its last lines may be on their way still.
                await _process.WaitForExitAsync(limit.Token);
                Assert.That(HasSaid(text), $"the gateway ended with {_process.ExitCode} before it said '{text}':\n{Said}");
                return;
            }
            try
            {
                await _more.WaitAsync(TimeSpan.FromMilliseconds(200), limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"the gateway did not say '{text}' within {s_patience}:\n{Said}");
            }
        }
    }

    /// <summary>Ends it as Ctrl+C does, and gives its exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        return await ExitAsync();
    }

    /// <summary>Ends it as a power cut would end a process.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its own end.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        _more.Dispose();
    }

    private bool HasSaid(string text) => _lines.Any(l => l.Contains(text, StringComparison.Ordinal));

    private void Take(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is null)
            return;
        _lines.Enqueue(e.Data);
        _more.Release();
    }
}
