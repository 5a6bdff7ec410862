using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using As2;
using As2.Agreements;
using As2.Transmission;
using ManagedGateway.Operations.Tests;

namespace ManagedGateway.Operations.Alerts;

/// <summary>Until when the TLS certificates of the partners' servers are good: looked at once a day, as a message would see them. Thread-safe.</summary>
internal sealed partial class ServerCertificates(PartnershipBook book, PartnerServices partners, TimeProvider clock, ILogger<ServerCertificates> log) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<Uri, DateTimeOffset> _ends = new();

    /// <summary>When it ends; null: it is not known, or there is no TLS.</summary>
    public DateTimeOffset? EndOf(Partnership partnership)
        => partnership.Endpoint is { } address && _ends.TryGetValue(Key(address), out var end) ? end : null;

    /// <summary>Looks at every server now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var partnership in book.Partnerships.Where(p => p.Endpoint?.Scheme == Uri.UriSchemeHttps && p.Connection.Proxy is null).DistinctBy(p => Key(p.Endpoint!)))
            await LookAsync(partnership, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await LookAsync(stoppingToken);
                await Task.Delay(s_interval, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(Partnership partnership, CancellationToken cancellationToken)
    {
        var address = partnership.Endpoint!;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_patience);
            var connection = await HttpConnection.OfAsync(partnership, partners.Certificates, clock.GetUtcNow(), limit.Token);
            await using var wire = await new AddressGuard(connection.Agreement.AllowPrivateAddresses, Dns.GetHostAddressesAsync).ConnectAsync(new DnsEndPoint(address.IdnHost, address.Port), limit.Token);
            if ((await TlsLook.AtAsync(address, connection, wire, limit.Token)).Ends is { } ends)
                _ends[Key(address)] = ends;
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // What is sent there fails for the same reason, and is told of then.
            LogUnseen(address.Authority, e.Message);
        }
    }

    private static Uri Key(Uri address) => new(address.GetLeftPart(UriPartial.Authority));

    [LoggerMessage(4211, LogLevel.Information, "The TLS certificate of {Server} could not be looked at: {Reason}")]
    private partial void LogUnseen(string server, string reason);
}
