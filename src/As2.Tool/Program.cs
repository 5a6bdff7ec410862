using System.CommandLine;
using System.CommandLine.Invocation;
using As2;
using As2.Tool.Cli;
using As2.Tool.Commands;

var root = new RootCommand("as2, the openssl of AS2: explain, open, make, send and receive AS2 messages (RFC 4130).")
{
    InspectCommand.Create(), UnpackCommand.Create(), PackCommand.Create(), SendCommand.Create(), ServeCommand.Create(), KeysCommand.Create(),
};
Examples.Add(
    root,
    "as2 inspect message.http --key me.key.pem --cert me.crt.pem --partner them.crt.pem",
    "as2 unpack message.http --key me.p12 --partner them.crt.pem --out payloads",
    "as2 keys new me",
    "as2 COMMAND --help shows the examples of a command.",
    "",
    "Exit codes: 0 fine, 1 faults or refused, 2 wrong command line, 3 file or network trouble.");

var result = root.Parse(args);
if (result.Action is ParseErrorAction wrong)
    wrong.ShowHelp = args.Length == 0;
try
{
    var code = await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return result.Action is ParseErrorAction ? ExitCode.Usage : code;
}
catch (ToolFault fault)
{
    Console.Error.WriteLine($"as2: {fault.Message}");
    return fault.ExitCode;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or As2Exception or HttpRequestException or OperationCanceledException)
{
    Console.Error.WriteLine($"as2: {e.Message}");
    return ExitCode.Trouble;
}
