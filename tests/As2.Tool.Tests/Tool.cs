using System.Diagnostics;
using As2.Testing;

namespace As2.Tool.Tests;

/// <summary>The built tool, run as its users run it.</summary>
internal static class Tool
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "as2.dll");

    /// <summary>Runs it; the caller judges the exit code.</summary>
    public static Task<CommandResult> RunAsync(params IEnumerable<string> arguments) => RunWithInputAsync(default, arguments);

    /// <summary>Runs it with standard input.</summary>
    public static Task<CommandResult> RunWithInputAsync(ReadOnlyMemory<byte> input, params IEnumerable<string> arguments)
        => Command.RunAsync("dotnet", arguments.Prepend(s_program), input, environment: new Dictionary<string, string> { ["DOTNET_NOLOGO"] = "1" });

    /// <summary>Starts it and leaves it running; the caller reads its output to the end.</summary>
    public static Process Start(IEnumerable<string> arguments)
        => Process.Start(new ProcessStartInfo(Requires.Tool("dotnet"), arguments.Prepend(s_program)) { RedirectStandardOutput = true })!;

    /// <summary>Runs it, and demands this exit code.</summary>
    public static async Task<CommandResult> ExpectAsync(int exitCode, params IEnumerable<string> arguments)
    {
        var result = await RunAsync(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(exitCode), () => $"{result.Error}\n{result.Text}");
        return result;
    }
}
