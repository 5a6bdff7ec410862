using As2;
using As2.Agreements;
using As2.CertificateExchange;

namespace ManagedGateway;

/// <summary>
/// <c>gateway certificate list | offer LOCAL PARTNER | accept ID | reject ID</c>: certificates by messages. What is decided here is
/// recorded; the running gateway takes it up within two seconds, a stopped one when it starts.
/// </summary>
internal static class CertificateCommand
{
    public static async Task<int> RunAsync(GatewayOptions options, TextWriter output)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSettingsOf(options.Data);
        await using var settings = services.BuildServiceProvider();
        var desk = settings.GetRequiredService<CertificateExchanges>();
        switch (options.Words)
        {
            case ["list"]:
                foreach (var exchange in await desk.ListAsync(CancellationToken.None))
                    await TellAsync(exchange, output);
                return 0;
            case ["offer", var local, var partner]:
                var offer = new ExchangeOffer { RespondBy = options.RespondBy };
                await TellAsync(await desk.OfferAsync(new As2Identifier(local), new As2Identifier(partner), offer, CancellationToken.None), output);
                return 0;
            case ["accept" or "reject", var id]:
                await TellAsync(await desk.DecideAsync(id, options.Words[0] == "accept", options.Reason, CancellationToken.None), output);
                return 0;
            default:
                throw new As2Exception("GW-CERTIFICATE-001", $"'certificate {string.Join(' ', options.Words)}' is not understood: list, offer LOCAL PARTNER, accept ID, or reject ID.");
        }
    }

    private static async Task TellAsync(Exchange exchange, TextWriter output)
    {
        await output.WriteLineAsync(exchange.Side == ExchangeSide.Ours
            ? $"{exchange.Id}  {exchange.Local} offers to {exchange.Partner}, {exchange.Created:u}"
            : $"{exchange.Id}  {exchange.Partner} offers to {exchange.Local}, {exchange.Created:u}");
        foreach (var certificate in exchange.Certificates)
        {
            await output.WriteLineAsync(
                $"    {certificate.Status}{(certificate.Decided is { } at ? $" {at:u}" : "")}: serial {Plain(certificate.SerialNumber)} of {Plain(certificate.Issuer)}, "
                + $"for {string.Join(", ", certificate.Usages)}{(certificate.RespondBy is { } by ? $", answer by {by:u}" : "")}");
            await output.WriteLineAsync($"    sha256 {certificate.Thumbprint ?? "unknown"}{(certificate.Reason is { } reason ? $"; {Plain(reason)}" : "")}");
        }
    }

    /// <summary>What a partner wrote, without what a terminal would obey.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '·' : c));
}
