using System.CommandLine;
using As2.Payloads;
using As2.Tool.Cli;
using As2.Tool.Inspection;

namespace As2.Tool.Commands;

/// <summary><c>as2 unpack</c>: writes the payloads of a captured message.</summary>
internal static class UnpackCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The captured message; - is standard input." };
        CaptureArgument.RefuseOptions(file);
        var folder = new Option<DirectoryInfo>("--out") { Description = "The folder for the payloads; made when it is missing.", HelpName = "DIR", Required = true };
        var force = new Option<bool>("--keep-faulty") { Description = "Keep the payloads of a message with faults too; by default they are removed." };
        var command = new Command("unpack", "Writes the payloads of a message to a folder, under safe names, never over a file that is there.") { file, folder, force };
        var keys = new KeyOptions(command);
        Examples.Add(
            command,
            "as2 unpack message.http --key me.key.pem --cert me.crt.pem --partner them.crt.pem --out payloads",
            "as2 unpack message.http --key me.p12 --out payloads --keep-faulty       without the partner's certificate");
        command.SetAction((result, cancellationToken) =>
        {
            var inspector = new Inspector(keys.Load(result), new InspectionOptions(), TimeProvider.System);
            return Task.FromResult(Run(inspector, result.GetValue(file)!, result.GetValue(folder)!, result.GetValue(force), cancellationToken));
        });
        return command;
    }

    private static int Run(Inspector inspector, string file, DirectoryInfo folder, bool keepFaulty, CancellationToken cancellationToken)
    {
        folder.Create();
        var written = new List<string>();
        var isKept = false;
        try
        {
            using var payloads = new PayloadDigests((header, number) => CreateFile(folder, header, number, written));
            var report = inspector.Inspect(file, payloads, new Progress(TimeProvider.System), cancellationToken);
            isKept = report.IsFine || keepFaulty;
            new ReportText(Console.Out).Write(isKept ? report : report with { Payloads = [.. report.Payloads.Select(p => p with { WrittenTo = null })] });
            if (!isKept && written.Count > 0)
                Console.Error.WriteLine("as2: the message has faults, nothing was kept; --keep-faulty keeps it all the same.");
            return report.IsFine ? ExitCode.Fine : ExitCode.Faults;
        }
        finally
        {
            if (!isKept)
                written.ForEach(File.Delete);
        }
    }

    internal static PayloadCopy CreateFile(DirectoryInfo folder, PayloadHeader header, int number, List<string> written)
    {
        var name = FileNamePolicy.MakeSafe(header.FileName, $"payload-{number}.bin");
        for (var copy = 1; ; copy++)
        {
            var path = Path.Combine(folder.FullName, FileNamePolicy.Numbered(name, copy));
            if (Path.Exists(path))
                continue;
            var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 << 10);
            written.Add(path);
            return new PayloadCopy(path, stream);
        }
    }
}
