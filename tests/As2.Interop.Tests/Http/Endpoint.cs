using System.Net;
using System.Threading.Channels;
using As2.Agreements;
using As2.AspNetCore;
using As2.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace As2.Interop.Tests.Http;

/// <summary>The real endpoint: Kestrel on a port of its own, the engine behind <c>MapAs2Endpoint</c>, a handler that keeps what arrives.</summary>
internal sealed class Endpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<(string? Name, byte[] Content)> _received;

    private Endpoint(WebApplication app, Channel<(string? Name, byte[] Content)> received)
    {
        (_app, _received) = (app, received);
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        (Address, Port) = (address + "/as2", new Uri(address).Port);
    }

    public string Address { get; }

    public int Port { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts it for one partnership.</summary>
    public static async Task<Endpoint> StartAsync(
        Partnership partnership, PartnershipCertificates certificates, Action<As2Options>? configure = null, Action<KestrelServerOptions>? kestrel = null,
        Action<IServiceCollection>? services = null, Action<ListenOptions>? listen = null)
    {
        var received = Channel.CreateUnbounded<(string?, byte[])>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, own => listen?.Invoke(own));
            kestrel?.Invoke(options);
        });
        builder.Services.AddSingleton(new PartnershipBook().Add(partnership, certificates));
        services?.Invoke(builder.Services);
        builder.Services.AddAs2(configure).AddWorkers().AddPayloadHandler(async (message, stop) =>
        {
            await using var stream = await message.OpenAsync(stop);
            var content = new MemoryStream();
            await stream.CopyToAsync(content, stop);
            received.Writer.TryWrite((message.FileName, content.ToArray()));
        });
        var app = builder.Build();
        app.MapAs2Endpoint("/as2");
        await app.StartAsync();
        return new Endpoint(app, received);
    }

    /// <summary>The next payload that the handler got.</summary>
    public Task<(string? Name, byte[] Content)> ReceivedAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>True when the handler got none beyond those that were asked for.</summary>
    public bool IsIdle => _received.Reader.Count == 0;

    /// <summary>The files of transfers that wait for their rest.</summary>
    public string[] Partials => Directory.Exists(PartialsFolder) ? Directory.GetFiles(PartialsFolder, "*", SearchOption.AllDirectories) : [];

    private string PartialsFolder => Path.Combine(((Restart.IHasFolder)Services.GetRequiredService<Storage.IBlobStore>()).Folder, "restart");

    /// <summary>Posts a request octet for octet, on a connection of its own.</summary>
    public Task<RawHttpMessage> PostAsync(Sealed message) => RawHttp.SendAsync(Port, RawHttp.Request("/as2", message.Headers, message.Body));

    /// <summary>The same from another address of this machine.</summary>
    public Task<RawHttpMessage> PostAsync(Sealed message, IPAddress from) => RawHttp.SendAsync(Port, RawHttp.Request("/as2", message.Headers, message.Body), from);

    /// <summary>Ends it as a host does that is told to stop.</summary>
    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
