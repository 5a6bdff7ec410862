using System.Net;
using System.Net.Sockets;
using As2;
using As2.Agreements;
using As2.Transmission;
using ManagedGateway.Operations.Store;
using ManagedGateway.Operations.Tests;

namespace ManagedGateway.Operations.Alerts;

/// <summary>Until when the TLS certificates of the partners' servers are good: looked at once a day, as a message would see them, and kept for every node. Thread-safe.</summary>
internal sealed partial class ServerCertificates(PartnershipBook book, PartnerServices partners, OperationsDatabase database, TimeProvider clock, ILogger<ServerCertificates> log) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>When each ends, by the scheme, host and port of the server; those that are not known are left out.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Ends() => database.Read(session => session.All(
        "SELECT server, ends FROM server_certificate", row => (row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))))).ToDictionary(r => r.Item1, r => r.Item2);

    /// <summary>How <see cref="Ends"/> names a server.</summary>
    public static string Key(Uri address) => address.GetLeftPart(UriPartial.Authority);

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
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception e) when (e is As2Exception or System.Data.Common.DbException)
                {
                    LogUnkept(e.Message);
                }
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
                Keep(Key(address), ends);
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // What is sent there fails for the same reason, and is told of then.
            LogUnseen(address.Authority, e.Message);
        }
    }

    private void Keep(string server, DateTimeOffset ends) => database.Change(session => session.Execute(
        "INSERT INTO server_certificate VALUES (@server, @ends) ON CONFLICT (server) DO UPDATE SET ends = excluded.ends",
        ("@server", server), ("@ends", ends.ToUnixTimeMilliseconds())));

    [LoggerMessage(4211, LogLevel.Information, "The TLS certificate of {Server} could not be looked at: {Reason}")]
    private partial void LogUnseen(string server, string reason);

    [LoggerMessage(4212, LogLevel.Error, "Until when TLS certificates of partners are good could not be kept: {Reason}")]
    private partial void LogUnkept(string reason);
}
