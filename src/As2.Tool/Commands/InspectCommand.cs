using System.CommandLine;
using As2.Tool.Cli;
using As2.Tool.Inspection;

namespace As2.Tool.Commands;

/// <summary><c>as2 inspect</c>: explains captured messages and receipts.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Captured messages or receipts: raw HTTP, or header fields and body; - is standard input.", Arity = ArgumentArity.OneOrMore };
        CaptureArgument.RefuseOptions(files);
        var json = new Option<bool>("--json") { Description = "One JSON object a line, one line a file." };
        var strict = new Option<bool>("--strict") { Description = "Also report what an agreement of today refuses: SHA-1, 3DES, unsigned, unencrypted." };
        var at = new Option<DateTimeOffset?>("--at") { Description = "Judge certificates at this moment, not at the message's own date.", HelpName = "TIME" };
        var command = new Command("inspect", "Explains a message or receipt layer by layer: algorithms, signer, recipients, MIC, payloads, and what is wrong.") { files, json, strict, at };
        var keys = new KeyOptions(command);
        Examples.Add(
            command,
            "as2 inspect message.http --key me.key.pem --cert me.crt.pem --partner them.crt.pem",
            "as2 inspect answer.http --partner them.crt.pem                  is this receipt genuine?",
            "as2 inspect *.http --key me.p12 --partner them.p7b --json       one JSON object a line",
            "curl ... | as2 inspect - --partner them.crt.pem");
        command.SetAction((result, cancellationToken) =>
        {
            var inspector = new Inspector(keys.Load(result), new InspectionOptions(result.GetValue(at), result.GetValue(strict)), TimeProvider.System);
            using var output = new StreamWriter(Console.OpenStandardOutput());
            return Task.FromResult(Run(inspector, result.GetValue(files)!, result.GetValue(json), output, cancellationToken));
        });
        return command;
    }

    private static int Run(Inspector inspector, IEnumerable<string> files, bool asJson, TextWriter output, CancellationToken cancellationToken)
    {
        var worst = ExitCode.Fine;
        var progress = new Progress(TimeProvider.System);
        foreach (var file in files)
        {
            var (report, code) = InspectOne(inspector, file, progress, cancellationToken);
            worst = Math.Max(worst, code);
            if (asJson)
                output.WriteLine(ReportJson.Write(report));
            else
                new ReportText(output).Write(report);
            if (!Console.IsOutputRedirected)
                output.Flush();
        }
        return worst;
    }

    private static (Report Report, int Code) InspectOne(Inspector inspector, string file, Progress progress, CancellationToken cancellationToken)
    {
        try
        {
            using var payloads = new PayloadDigests();
            var report = inspector.Inspect(file, payloads, progress, cancellationToken);
            return (report, report.IsFine ? ExitCode.Fine : ExitCode.Faults);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (Inspector.Unreadable(file, "file", e.Message), ExitCode.Trouble);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A fault of ours: the other files still have their line.
            return (Inspector.Unreadable(file, "internal", $"as2 itself failed, please report it: {e}"), ExitCode.Trouble);
        }
    }
}
