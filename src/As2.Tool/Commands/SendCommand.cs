using System.CommandLine;
using As2.Agreements;
using As2.Payloads;
using As2.Storage;
using As2.Tool.Cli;
using As2.Tool.Keys;

namespace As2.Tool.Commands;

/// <summary><c>as2 send</c>: sends one message and verifies its receipt.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The payload." };
        CaptureArgument.RefuseOptions(file);
        var url = new Option<Uri>("--to", "--url") { Description = "Where the partner takes messages: an http or https address.", HelpName = "URL", Required = true, CustomParser = Words.Address };
        var command = new Command("send", "Sends a message and prints its verified receipt; the exit code says how it went.") { file, url };
        var agreement = new AgreementOptions(command, ["--from-id", "--from"], ["--to-id"]);
        var keys = new KeyOptions(command);
        Examples.Add(
            command,
            "as2 send order.edi --to https://partner.example/as2 --from-id ME --to-id THEM --key me.key.pem --cert me.crt.pem --partner them.crt.pem",
            "as2 send order.edi --to http://127.0.0.1:8080/ --from-id ME --to-id THEM --key me.p12 --encrypt none --receipt unsigned");
        command.SetAction((result, cancellationToken) => RunAsync(
            agreement.Read(result, result.GetValue(url)), keys.Load(result), result.GetValue(file)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Partnership partnership, KeyRing keys, string file, CancellationToken cancellationToken)
    {
        var (own, _) = AgreementOptions.Keys(keys, partnership);
        var book = new PartnershipBook().Add(partnership, new PartnershipCertificates
        {
            Sign = own is null ? [] : [own],
            Decrypt = own is null ? [] : [own],
            Verify = keys.Partners,
            Encrypt = keys.Partners,
        });
        if (!File.Exists(file))
            throw new ToolFault(ExitCode.Trouble, $"There is no file {file}.");
        using var sender = As2Sender.Create(book, new As2Options { Product = "as2" });
        var result = await sender.SendAsync(Payload.FromFile(file), partnership, cancellationToken).ConfigureAwait(false);
        return Print(result);
    }

    private static int Print(SendResult result)
    {
        if (result.State == MessageState.AwaitingReceipt)
        {
            Console.Out.WriteLine($"message {result.MessageId}: taken by the partner; its receipt goes to the address asked for");
            return ExitCode.Fine;
        }
        Console.Out.WriteLine($"message {result.MessageId}: {(result.IsAcknowledged ? "delivered" : "NOT confirmed")}, {result.Reason}");
        if (result.Receipt is not { } receipt)
            return result.IsAcknowledged ? ExitCode.Fine : ExitCode.Trouble;
        Console.Out.WriteLine($"receipt: {receipt.Notification?.Disposition.ToString() ?? "unreadable"}");
        if (receipt.Notification?.Mic is { } mic)
            Console.Out.WriteLine($"  MIC {mic}");
        if (receipt.Signer is { } signer)
            Console.Out.WriteLine($"  signed by {signer.Certificate.Subject}: verified");
        else
            Console.Out.WriteLine(receipt.IsSigned ? "  signed, NOT verified" : "  not signed: anybody can have written it");
        return result.IsAcknowledged ? ExitCode.Fine : ExitCode.Faults;
    }
}
