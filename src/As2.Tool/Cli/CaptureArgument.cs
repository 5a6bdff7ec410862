using System.CommandLine;

namespace As2.Tool.Cli;

/// <summary>Arguments that are files: an option with a misspelt name is not one of them.</summary>
internal static class CaptureArgument
{
    /// <summary>Refuses what looks like an option and is no file; <c>-</c> stays standard input.</summary>
    public static void RefuseOptions(Argument argument) => argument.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.Length > 1 && token.Value[0] == '-' && !File.Exists(token.Value))
                result.AddError($"There is no option {token.Value} here; --help lists them.");
        }
    });
}
