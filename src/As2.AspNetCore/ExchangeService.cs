using As2.CertificateExchange;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace As2.AspNetCore;

/// <summary>Carries certificate exchanges on where the host has them: what a person or a partner decided is taken up within two seconds.</summary>
internal sealed partial class ExchangeService(IServiceProvider services, TimeProvider clock, ILogger<ExchangeService> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<ExchangeDispatch>() is not { } dispatch)
            return;
        try
        {
            while (true)
            {
                await RunAsync(dispatch, stoppingToken).ConfigureAwait(false);
                await Task.Delay(s_interval, clock, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what is recorded is carried on at the next start.
        }
    }

    private async Task RunAsync(ExchangeDispatch dispatch, CancellationToken stoppingToken)
    {
        try
        {
            await dispatch.RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (As2Exception e)
        {
            LogBroken(e);
        }
    }

    [LoggerMessage(4202, LogLevel.Warning, "Certificate exchanges cannot be read; trying again")]
    private partial void LogBroken(Exception e);
}
