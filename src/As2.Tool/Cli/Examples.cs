using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace As2.Tool.Cli;

/// <summary>Help that ends with examples: most people read those first.</summary>
internal static class Examples
{
    /// <summary>Adds a help option with examples to a command.</summary>
    public static void Add(Command command, params string[] lines)
    {
        var help = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (help is null)
            command.Options.Add(help = new HelpOption());
        help.Action = new ExampleHelp((HelpAction)help.Action!, lines);
    }

    private sealed class ExampleHelp(HelpAction inner, string[] lines) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            inner.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in lines)
                output.WriteLine($"  {line}");
            output.WriteLine();
            return ExitCode.Fine;
        }
    }
}
