using As2.Routes;
using As2.Storage;

namespace ManagedGateway.Demo;

/// <summary><c>gateway demo</c>: two organisations, an order each way, over real sockets.</summary>
internal static class DemoCommand
{
    /// <summary>Runs the demo.</summary>
    /// <returns>0, or 1 when a round trip did not succeed and the demo was to end by itself.</returns>
    public static async Task<int> RunAsync(GatewayOptions options, TextWriter output)
    {
        var demo = DemoSetup.Prepare(options);
        await using var gateway = GatewayHost.Build(demo.Settings, options);
        await GatewayHost.StartAsync(gateway);
        await output.WriteLineAsync(Opening(options, demo));
        await GatewayHost.SayConsoleAsync(gateway, output);

        var story = new DemoStory(
            demo, gateway.Services.GetRequiredService<IMessageJournal>(), gateway.Services.GetRequiredService<IMailboxStore>(), output);
        var stopping = gateway.Lifetime.ApplicationStopping;
        var failure = await TellAsync(story, demo, stopping);
        if (failure is not null)
            await output.WriteLineAsync($"\nFailed: {failure}");

        if (options.Exit || stopping.IsCancellationRequested)
        {
            await gateway.StopAsync();
            return failure is null || !options.Exit ? 0 : 1;
        }
        await output.WriteLineAsync(demo.Closing());
        await gateway.WaitForShutdownAsync();
        return 0;
    }

    private static string Opening(GatewayOptions options, DemoWorld demo) => $"""
        As2Sdk managed gateway: {demo.Northwind.Name} and {demo.Contoso.Name} trade with each other
          AS2    {demo.As2Address}
          FTPS   {demo.Settings.Listen.Address}:{demo.Settings.Listen.FtpsPort}, explicit TLS
          data   {options.Data}
        """;

    private static async Task<string?> TellAsync(DemoStory story, DemoWorld demo, CancellationToken stopping)
    {
        try
        {
            await story.FinishEarlierAsync(stopping);
            return await story.TellAsync(demo.Northwind, demo.Contoso, "orders.edi", stopping)
                ?? await story.TellAsync(demo.Contoso, demo.Northwind, "850.x12", stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return "it was stopped";
        }
        catch (As2.Ftp.FtpException e)
        {
            return e.Message;
        }
    }
}
