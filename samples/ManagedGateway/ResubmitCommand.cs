using As2.Transmission;

namespace ManagedGateway;

/// <summary>
/// <c>gateway resubmit ID</c>: the payload of an outbound message that came to its end goes out anew, as a new message linked to the
/// old one, when the gateway starts again. The data folder must be free.
/// </summary>
internal static class ResubmitCommand
{
    public static async Task<int> RunAsync(GatewayOptions options, TextWriter output)
    {
        await using var gateway = GatewayHost.Build(GatewaySettings.Load(options.Data), options);
        var anew = await gateway.Services.GetRequiredService<MessageOperations>().ResubmitAsync(options.MessageId, CancellationToken.None);
        await output.WriteLineAsync($"{options.MessageId} goes anew as {anew} when the gateway runs.");
        return 0;
    }
}
