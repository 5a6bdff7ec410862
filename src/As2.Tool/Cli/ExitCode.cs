namespace As2.Tool.Cli;

/// <summary>The exit codes; documented in docs/tool.md and never changed.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Fine = 0;

    /// <summary>The message or receipt has faults, or was refused.</summary>
    public const int Faults = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A file or the network made trouble.</summary>
    public const int Trouble = 3;
}

/// <summary>What ends the program with a line for its user.</summary>
internal sealed class ToolFault(int exitCode, string message) : Exception(message)
{
    /// <summary>See <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
