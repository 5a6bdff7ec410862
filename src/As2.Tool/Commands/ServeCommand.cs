using System.CommandLine;
using System.Net;
using As2.Agreements;
using As2.AspNetCore;
using As2.Certificates;
using As2.Tool.Cli;
using As2.Tool.Inspection;
using As2.Tool.Keys;
using As2.Tool.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace As2.Tool.Commands;

/// <summary><c>as2 serve</c>: a throw-away receiver on this machine that explains what it gets.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 8080 };
        var folder = new Option<DirectoryInfo?>("--out") { Description = "A folder for the payloads of messages without faults.", HelpName = "DIR" };
        var count = new Option<int?>("--count") { Description = "Stop after this many requests.", HelpName = "N" };
        var hosts = new Option<string[]>("--receipts-to") { Description = "A host that asynchronous receipts may be posted to; this machine always is one.", HelpName = "HOST" };
        var command = new Command("serve", "Receives messages on 127.0.0.1, answers with receipts, and prints each message in plain words.") { port, folder, count, hosts };
        var keys = new KeyOptions(command);
        Examples.Add(
            command,
            "as2 serve --port 8080 --key me.key.pem --cert me.crt.pem --partner them.crt.pem --out received",
            "as2 send order.edi --to http://127.0.0.1:8080/ --from-id THEM --to-id ME --key them.p12 --partner me.crt.pem");
        command.SetAction((result, cancellationToken) =>
        {
            var ring = keys.Load(result);
            var inspector = new Inspector(ring, new InspectionOptions(), TimeProvider.System);
            return RunAsync(
                Build(ring, result.GetValue(port), result.GetValue(hosts) ?? []), inspector, result.GetValue(folder), result.GetValue(count) ?? int.MaxValue, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(WebApplication receiver, Inspector inspector, DirectoryInfo? folder, int count, CancellationToken cancellationToken)
    {
        await using var app = receiver;
        folder?.Create();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var left = count;
        var explanation = new Explanation(inspector, folder, () =>
        {
            if (Interlocked.Decrement(ref left) == 0)
                stop.Cancel();
        });
        app.Use((context, next) => explanation.InvokeAsync(context, _ => next(context)));
        app.MapAs2Endpoint("/{**path}");
        await app.StartAsync(cancellationToken);
        Console.Out.WriteLine($"listening on {app.Urls.First()}, Ctrl-C stops");
        Console.Out.Flush();
        try
        {
            await Task.Delay(Timeout.Infinite, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped by its user, or by --count.
        }
        await app.StopAsync(CancellationToken.None);
        return ExitCode.Fine;
    }

    private static WebApplication Build(KeyRing keys, int port, string[] receiptHosts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var anybody = new Anybody(keys, receiptHosts);
        builder.Services.AddSingleton<IPartnershipDirectory>(anybody);
        builder.Services.AddSingleton<ICertificateSource>(anybody);
        builder.Services.AddAs2(options => options.Product = "as2").AddWorkers();
        return builder.Build();
    }
}
