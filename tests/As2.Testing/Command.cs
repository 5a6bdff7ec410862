using System.Diagnostics;
using System.Text;

namespace As2.Testing;

/// <summary>What a program left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error, as text.</param>
public sealed record CommandResult(int ExitCode, byte[] Output, string Error)
{
    /// <summary>Standard output as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Fails the test, with what the program said, unless it exited with 0.</summary>
    public CommandResult Succeeded()
    {
        Assert.That(ExitCode, Is.Zero, () => $"{Error}\n{Text}");
        return this;
    }
}

/// <summary>Runs a real program.</summary>
public static class Command
{
    /// <summary>No program of a test runs longer than this.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs it to its end; kills it, with its children, after <paramref name="timeout"/>.</summary>
    /// <param name="tool">The name, needed as <see cref="Requires.Tool"/> says.</param>
    /// <param name="arguments">Its arguments, never joined.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="environment">Variables added to ours.</param>
    /// <param name="timeout">Default: <see cref="Limit"/>.</param>
    public static async Task<CommandResult> RunAsync(
        string tool, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default, string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null, TimeSpan? timeout = null)
    {
        using var process = Process.Start(StartInfo(tool, arguments, folder, environment))!;
        using var limit = new CancellationTokenSource(timeout ?? Limit);
        var output = new MemoryStream();
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await Task.WhenAll(
                WriteAsync(process, input, limit.Token),
                process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token),
                error).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return new CommandResult(process.ExitCode, output.ToArray(), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{tool} ran longer than {timeout ?? Limit}.");
        }
    }

    private static ProcessStartInfo StartInfo(
        string tool, IEnumerable<string> arguments, string? folder, IReadOnlyDictionary<string, string>? environment)
    {
        var info = new ProcessStartInfo(Requires.Tool(tool), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        return info;
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input; its exit code tells.
        }
    }
}
