using System.CommandLine;
using System.Globalization;
using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Tool.Cli;
using As2.Tool.Keys;

namespace As2.Tool.Commands;

/// <summary><c>as2 pack</c>: makes a message as it goes over the wire.</summary>
internal static class PackCommand
{
    private const string Host = "as2.invalid";

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "The payload; several files become one message with attachments (RFC 6362).", Arity = ArgumentArity.OneOrMore };
        CaptureArgument.RefuseOptions(files);
        var output = new Option<string>("--out") { Description = "The file for the message: a raw HTTP request. Never overwritten.", HelpName = "MESSAGE.http", Required = true };
        var command = new Command("pack", "Makes an AS2 message: compressed, signed, encrypted, as a raw HTTP request.") { files, output };
        var agreement = new AgreementOptions(command, ["--from", "--from-id"], ["--to", "--to-id"]);
        var keys = new KeyOptions(command);
        Examples.Add(
            command,
            "as2 pack order.edi --from ME --to THEM --key me.key.pem --cert me.crt.pem --partner them.crt.pem --type application/EDI-X12 --out message.http",
            "as2 pack a.xml b.pdf --from ME --to THEM --key me.p12 --encrypt none --compress before --out message.http",
            "as2 pack order.edi --from ME --to THEM --key me.p12 --partner them.crt.pem --preset peppol --out message.http",
            "as2 inspect message.http --key them.p12 --partner me.crt.pem");
        command.SetAction((result, cancellationToken) => Task.FromResult(Run(
            agreement.Read(result), keys.Load(result), result.GetValue(files)!, result.GetValue(output)!, cancellationToken)));
        return command;
    }

    private static int Run(Partnership partnership, KeyRing keys, string[] files, string output, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (own, partner) = AgreementOptions.Keys(keys, partnership);
        if (Path.Exists(output))
            throw new ToolFault(ExitCode.Trouble, $"{output} is there already; it is not overwritten.");
        using var body = new FileStream(output + ".body", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 << 10, FileOptions.DeleteOnClose);
        using var writer = new LayerWriter(
            new LayerWriterOptions { Security = partnership.Sending, Signer = own, Recipients = partner is null ? [] : [partner], Quirks = partnership.Quirks, Now = now }, new StreamSink(body), files.Length > 1);
        var progress = new Progress(TimeProvider.System);
        foreach (var file in files)
            Add(writer, file, partnership.ContentType, progress, cancellationToken);
        var entity = writer.Complete();
        var messageId = MessageId.New(Host, now);
        Write(output, MessageHeaders.ForMessage(messageId, partnership, entity, new As2Options { Product = "as2", MessageIdHost = Host }, now), body);
        Console.Out.WriteLine($"{output}: message {messageId}, {entity.Description}, {body.Length} bytes");
        Console.Out.WriteLine($"MIC {entity.Mics[0]}");
        return ExitCode.Fine;
    }

    private static void Add(LayerWriter writer, string file, string type, Progress progress, CancellationToken cancellationToken)
    {
        using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        progress.Begin(file, content.Length);
        var sink = writer.Begin(new PayloadHeader { ContentType = type, FileName = Path.GetFileName(file) });
        var block = new byte[128 << 10];
        int read;
        while ((read = content.Read(block)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sink.Push(block.AsSpan(0, read));
            progress.Add(read);
        }
        progress.End();
    }

    private static void Write(string output, HeaderFields headers, FileStream body)
    {
        headers.Add("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));
        using var message = new FileStream(output, FileMode.CreateNew, FileAccess.Write);
        message.Write(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: localhost\r\n"));
        message.Write(headers.ToBytes());
        message.Write("\r\n"u8);
        body.Position = 0;
        body.CopyTo(message);
    }

    private sealed class StreamSink(Stream stream) : IOctetSink
    {
        public void Push(ReadOnlySpan<byte> octets) => stream.Write(octets);
    }
}
