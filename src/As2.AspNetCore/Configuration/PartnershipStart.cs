using As2.Agreements;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace As2.AspNetCore.Configuration;

/// <summary>Reads the partnerships when the host starts, so that a mistake stops it before a port opens.</summary>
internal sealed partial class PartnershipStart(PartnershipBook book, ILogger<PartnershipStart> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var partnership in book.Partnerships)
            LogPartnership(partnership.Local.Value, partnership.Partner.Value, partnership.Endpoint);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(4101, LogLevel.Information, "Partnership of {Local} with {Partner}, messages go to {Endpoint}")]
    private partial void LogPartnership(string local, string partner, Uri? endpoint);
}
