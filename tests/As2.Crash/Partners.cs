using System.Net;
using As2.Agreements;
using As2.AspNetCore;
using As2.Ftp.Server;
using As2.Ftp.Server.Accounts;
using As2.Payloads;
using As2.Storage;
using As2.Testing;
using As2.Transmission;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace As2.Crash;

/// <summary>
/// The outside world, in the driver's process, which nobody kills: both partners with their AS2 endpoint, and an FTPS server of a
/// customer. Everything that passes its doors is written into the ledger.
/// </summary>
internal sealed class Partners : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Partners(WebApplication app, FrontDoor? door, (int As2, int Outside) ports, IOutsideServer outside, Taps taps)
        => (_app, Door, (Port, OutsidePort), Outside, Taps) = (app, door, ports, outside, taps);

    public Taps Taps { get; }

    public PostManner Posts => _app.Services.GetRequiredService<PostManner>();

    /// <summary>Stands before <see cref="Port"/>, or null.</summary>
    public FrontDoor? Door { get; }

    public int Port { get; }

    public int OutsidePort { get; }

    public IOutsideServer Outside { get; }

    /// <summary>A partner sends a payload, and again until it has its receipt.</summary>
    public async Task SubmitAsync(string partner, Payload payload)
    {
        var partnership = await _app.Services.GetRequiredService<PartnershipBook>().FindAsync(new As2Identifier(partner), new As2Identifier(World.Us), default);
        await _app.Services.GetRequiredService<As2Sender>().SubmitAsync(payload, partnership!, default);
    }

    /// <param name="ledger">Takes what is seen.</param>
    /// <param name="gatewayPort">Where the gateway listens.</param>
    /// <param name="bed">A foreign daemon in the place of ours, or null.</param>
    /// <param name="hasDoor">Puts a <see cref="FrontDoor"/> before the AS2 endpoint.</param>
    public static async Task<Partners> StartAsync(Ledger ledger, int gatewayPort, OutsideBed? bed, bool hasDoor = false)
    {
        var port = FreePort.TakeRange(3);
        var door = hasDoor ? new FrontDoor(port, port + 2) : null;
        var outside = new OutsideFiles(ledger);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        AddServices(builder.Services, ledger, World.Partners(gatewayPort, port), outside);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, door is null ? port : port + 2);
            kestrel.Listen(IPAddress.Loopback, port + 1, listen => listen.UseFtp());
        });
        var app = builder.Build();
        var taps = new Taps(ledger);
        app.Use(taps.RequestAsync);
        app.MapAs2Endpoint();
        await app.StartAsync();
        door?.Open();
        return new Partners(app, door, (port, port + 1), bed is null ? outside : new OutsideReader(ledger, bed), taps);
    }

    /// <summary>Whether the gateway listens.</summary>
    public Listening Gateway => _app.Services.GetRequiredService<Listening>();

    /// <summary>The gateway is back: what waits for it goes at once.</summary>
    public void Hurry()
    {
        Gateway.Begin();
        var signal = _app.Services.GetRequiredService<JobSignal>();
        signal.Pulse(JobKind.Send);
        signal.Pulse(JobKind.SendReceipt);
    }

    /// <summary>Forgets the contents of what is finished, so that a long campaign stays small.</summary>
    public Task ForgetAsync() => _app.Services.GetRequiredService<InMemoryStore>()
        .PurgeAsync(new RetentionPolicy { Contents = TimeSpan.FromSeconds(20) }, 5000, default).AsTask();

    public async ValueTask DisposeAsync()
    {
        if (Outside is IAsyncDisposable reader)
            await reader.DisposeAsync();
        if (Door is not null)
            await Door.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static void AddServices(IServiceCollection services, Ledger ledger, PartnershipBook book, OutsideFiles outside)
    {
        services.AddSingleton(book);
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddSingleton<PostManner>();
        services.AddSingleton<Listening>();
        services.AddSingleton(s => new HttpTransport(
            new TapHandler(ledger, s.GetRequiredService<InMemoryStore>(), s.GetRequiredService<PostManner>(), s.GetRequiredService<Listening>())));
        services.AddAs2(as2 => (as2.Retry, as2.FailuresBeforePause) = (new RetrySchedule { Waits = [TimeSpan.FromSeconds(0.3)] }, 0))
            .AddPayloadHandler(async (message, stop) =>
            {
                await using var content = await message.OpenAsync(stop);
                using var copy = new MemoryStream();
                await content.CopyToAsync(copy, stop);
                ledger.Delivered("partner", message.FileName ?? "", message.MessageId, Ledger.Hash(copy.ToArray()));
            })
            .AddWorkers();
        services.AddFtpServer(ftp => ftp.Certificate = () => TestKeys.Rsa("ftps").Certificate);
        services.AddSingleton<IFtpAccounts>(outside);
    }
}
