using System.Globalization;
using As2;
using ManagedGateway.Demo;

namespace ManagedGateway;

/// <summary>The gateway's commands.</summary>
internal static class CommandLine
{
    private const string Usage = """
        gateway [run|demo|password|evidence MESSAGE-ID|backup FOLDER|resubmit ID|certificate …|export|import FILE|migrate|rekey] [options]

          run          run the gateway that DIR/gateway.json describes (the default)
          demo         set up two organisations in DIR, send an order each way, and stay up
          backup       copy the data folder, settings and keys into FOLDER, also while the gateway runs; to restore,
                       run the gateway with a copy of FOLDER as --data
          migrate      move what the data folder holds into the database that gateway.json names under Store; the gateway must
                       not be running; compares both sides, and can be called again
          rekey        pass every secret to another secret key; the gateway must not be running; can be called again
          resubmit     send the payload of an outbound message anew, under a new Message-ID; the gateway must not be running
          password     read a password from standard input, write the PasswordHash of an account
          evidence     write what proves that a message arrived into FILE; the gateway may be running
          export       write what console and API saved as JSON, without secrets; the gateway may be running
          import FILE  take such JSON in: what is there already stays as it is; the gateway may be running
          certificate  list, offer LOCAL PARTNER, accept ID, reject ID: certificates by messages; the gateway may be running

          --data DIR   everything the gateway keeps is in this folder (default: the variable GATEWAY_DATA, else data)
          --port N     AS2 over HTTP listens on N, FTPS on N+1, the console where there is one on N+2 (default: 4080)
          --to postgres  migrate: where to
          --out FILE   evidence: the archive (default: evidence.zip)
          --respond-by DATE  certificate offer: from then on the new certificate is used without an answer too, such as 2027-03-01
          --reason TEXT      certificate accept, reject: why; the partner reads it when it is rejected
          --new-key FILE  rekey: the key to pass to (default: one that is made, in place of DIR/secret.key)
          --dry-run    import: only say what would change
          --exit       demo: end after both round trips; 0 when both succeeded, else 1
        """;

    /// <summary>Runs a command.</summary>
    /// <returns>The process's exit code: 0, 1 when it failed, 2 when it was not understood.</returns>
    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter error)
    {
        if (!TryParse(args, out var command, out var options, out var fault))
        {
            await error.WriteLineAsync($"{fault}\n\n{Usage}");
            return 2;
        }
        try
        {
            return command switch
            {
                "help" => await SayAsync(output, Usage),
                "demo" => await DemoCommand.RunAsync(options, output),
                "backup" => await BackupCommand.RunAsync(options, output),
                "migrate" => await Stores.MigrateCommand.RunAsync(options, output),
                "resubmit" => await ResubmitCommand.RunAsync(options, output),
                "rekey" => await RekeyCommand.RunAsync(options, output),
                "password" => await SayAsync(output, PasswordCommand.Hash(input)),
                "certificate" => await CertificateCommand.RunAsync(options, output),
                "export" => await ConfigurationCommand.ExportAsync(options, output),
                "import" => await ConfigurationCommand.ImportAsync(options, output),
                "evidence" => await EvidenceCommand.RunAsync(options, output),
                _ => await GatewayHost.RunAsync(options, output),
            };
        }
        catch (As2Exception e)
        {
            await error.WriteLineAsync($"{e.Id}: {e.Message}");
            return 1;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await error.WriteLineAsync($"GW-PORT-001: {e.Message} Choose other ports with --port N (AS2 on N, FTPS on N+1, console on N+2).");
            return 1;
        }
    }

    private static async Task<int> SayAsync(TextWriter output, string text)
    {
        await output.WriteLineAsync(text);
        return 0;
    }

    private static bool TryParse(string[] args, out string command, out GatewayOptions options, out string fault)
    {
        (command, options, fault) = ("run", new GatewayOptions(), "");
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "run" or "demo" or "password" or "help" or "export" or "migrate" or "rekey" when i == 0:
                    command = args[i];
                    break;
                case "evidence" or "resubmit" when i == 0 && i + 1 < args.Length:
                    (command, options) = (args[i], options with { MessageId = args[++i] });
                    break;
                case "backup" when i == 0 && i + 1 < args.Length:
                    (command, options) = ("backup", options with { Out = Path.GetFullPath(args[++i]) });
                    break;
                case "import" when i == 0 && i + 1 < args.Length:
                    (command, options) = ("import", options with { File = Path.GetFullPath(args[++i]) });
                    break;
                case "--new-key" when i + 1 < args.Length:
                    options = options with { NewKey = Path.GetFullPath(args[++i]) };
                    break;
                case "--dry-run":
                    options = options with { DryRun = true };
                    break;
                case "certificate" when i == 0:
                    command = "certificate";
                    options = options with { Words = [.. args.Skip(1).TakeWhile(word => !word.StartsWith("--", StringComparison.Ordinal))] };
                    i += options.Words.Count;
                    break;
                case "--respond-by" when i + 1 < args.Length && IsMoment(args[i + 1], out var moment):
                    options = options with { RespondBy = moment };
                    i++;
                    break;
                case "--to" when i + 1 < args.Length:
                    options = options with { To = args[++i] };
                    break;
                case "--reason" when i + 1 < args.Length:
                    options = options with { Reason = args[++i] };
                    break;
                case "--out" when i + 1 < args.Length:
                    options = options with { Out = Path.GetFullPath(args[++i]) };
                    break;
                case "--help" or "-h":
                    command = "help";
                    break;
                case "--exit":
                    options = options with { Exit = true };
                    break;
                case "--data" when i + 1 < args.Length:
                    options = options with { Data = Path.GetFullPath(args[++i]) };
                    break;
                case "--port" when i + 1 < args.Length && IsPort(args[i + 1], out var port):
                    options = options with { Port = port };
                    i++;
                    break;
                case "--port":
                    fault = "--port takes a number from 1 to 65533.";
                    return false;
                default:
                    fault = $"'{args[i]}' is not understood.";
                    return false;
            }
        }
        return true;
    }

    private static bool IsMoment(string text, out DateTimeOffset moment)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);

    private static bool IsPort(string text, out int port)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65534;
}

/// <summary>What the command line says.</summary>
internal sealed record GatewayOptions
{
    /// <summary>The data folder, absolute.</summary>
    public string Data { get; init; } = Path.GetFullPath(Environment.GetEnvironmentVariable("GATEWAY_DATA") is { Length: > 0 } data ? data : "data");

    /// <summary>The AS2 port; FTPS is the next one. Null: as configured.</summary>
    public int? Port { get; init; }

    /// <summary>The message whose evidence is wanted, or that is to be sent anew.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>Where the evidence or the backup goes, absolute.</summary>
    public string Out { get; init; } = Path.GetFullPath("evidence.zip");

    /// <summary>The document to import, absolute.</summary>
    public string File { get; init; } = "";

    /// <summary>Nothing is changed.</summary>
    public bool DryRun { get; init; }

    /// <summary>What follows the command <c>certificate</c>.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>When an offered certificate is used without an answer, or null: never.</summary>
    public DateTimeOffset? RespondBy { get; init; }

    /// <summary>Why a certificate is accepted or rejected.</summary>
    public string? Reason { get; init; }

    /// <summary>Where to migrate.</summary>
    public string To { get; init; } = "";

    /// <summary>The file of the key to which secrets pass, absolute; null: one is made.</summary>
    public string? NewKey { get; init; }

    /// <summary>The demo ends by itself.</summary>
    public bool Exit { get; init; }
}
