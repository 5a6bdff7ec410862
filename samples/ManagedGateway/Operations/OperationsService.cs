using As2;
using ManagedGateway.Operations.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ManagedGateway.Operations;

/// <summary>Starts and stops console and API with the gateway, where the settings have them. Without them nothing of it is built.</summary>
internal sealed class OperationsService(IServiceProvider gateway, GatewaySettings settings, GatewayOptions options) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;
    private string? _link;

    /// <summary>The console's services, or null when it is off.</summary>
    public IServiceProvider? Services => _app?.Services;

    /// <summary>Where it listens, or null when it is off.</summary>
    public Uri? Address => _app?.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.Select(a => new Uri(a)).FirstOrDefault();

    /// <summary>What the process says of it at start; the link is said here and nowhere else.</summary>
    public IEnumerable<string> Describe()
    {
        if (Address is not { } address)
            yield break;
        yield return $"Console {address}";
        if (_link is not null)
            yield return $"There is no administrator yet. Within an hour, open {new Uri(address, _link)}";
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Console is not { } console)
            return;
        _app = OperationsHost.Build(gateway, console, options.Data);
        // Whatever is wrong with database or settings is found now, not at the first click.
        _app.Services.GetRequiredService<Organisations>();
        _link = _app.Services.GetRequiredService<FirstRun>().Open();
        await _app.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
            await _app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
