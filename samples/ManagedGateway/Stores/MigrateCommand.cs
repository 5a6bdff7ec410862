using System.Globalization;
using As2;
using As2.Storage.PostgreSql;
using As2.Storage.Sqlite;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Stores;

/// <summary>
/// <c>gateway migrate --to postgres</c>: moves everything that the data folder holds into the database and the place for large contents that
/// its settings name under Store. The gateway must not be running, and nothing of the data folder is changed or removed. Called again, it
/// goes on where it ended.
/// </summary>
internal static class MigrateCommand
{
    /// <exception cref="As2Exception">GW-STORE-002, -003: no target is said, or what arrived is not what was sent; AS2-STORE-*.</exception>
    public static async Task<int> RunAsync(GatewayOptions options, TextWriter output)
    {
        if (options.To != "postgres")
            throw new As2Exception("GW-STORE-002", "Say where to: gateway migrate --to postgres.");
        if (GatewaySettings.Load(options.Data).Store is not { } settings)
            throw new As2Exception("GW-STORE-002", "gateway.json has no section Store. Name the database and the place for large contents there: see docs/scale.md.");
        GatewayStore.Check(settings);
        // A node on the database whose users and settings were still its own.
        if (!File.Exists(Path.Combine(options.Data, "as2.db")) && await MoveOperationsAsync(options.Data, settings, output))
            return 0;
        if (!File.Exists(Path.Combine(options.Data, "as2.db")))
            throw new As2Exception("GW-STORE-002", $"There is no as2.db in {options.Data}: there is nothing to move.");
        using var source = new SqliteExport(options.Data);
        var target = new PostgresStoreOptions();
        GatewayStore.Configure(target, settings, options.Data);
        await using var store = await PostgresStore.OpenAsync(target, signal: null, CancellationToken.None);
        var move = new StoreMove(source, store, GatewayStore.Blobs(settings, options.Data, TimeProvider.System));
        await move.RunAsync(CancellationToken.None);
        var exchanges = await move.MoveExchangesAsync(Path.Combine(options.Data, "exchanges"), CancellationToken.None);
        var (counts, octets) = await move.VerifyAsync(CancellationToken.None);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"messages {counts.Messages}, parts {counts.Parts}, events {counts.Events}, jobs {counts.Jobs}, files {counts.Files}, exchanges {exchanges}, bytes read back {octets}: the same on both sides"));
        await MoveOperationsAsync(options.Data, settings, output);
        await output.WriteLineAsync("Start the gateways now; keep the data folder until you trust the new place, and do not start a gateway without Store on it.");
        return 0;
    }

    private static async Task<bool> MoveOperationsAsync(string data, StoreSettings settings, TextWriter output)
    {
        if (OperationsMove.Run(data, settings) is not var (users, lines, entries))
            return false;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"users {users}, lines of the audit log {lines}, saved entries {entries}: the same on both sides"));
        return true;
    }
}
