using As2.Storage.Sqlite;
using ManagedGateway.Configuration;
using ManagedGateway.Operations.Store;
using ManagedGateway.Secrets;

namespace ManagedGateway;

/// <summary>
/// <c>gateway rekey [--new-key FILE]</c>: passes every secret to another secret key. A gateway that runs would go on sealing with the old one,
/// so it must not.
/// </summary>
internal static class RekeyCommand
{
    public static async Task<int> RunAsync(GatewayOptions options, TextWriter output)
    {
        var settings = GatewaySettings.Load(options.Data);
        var next = options.NewKey is { } file ? SecretKey.Read(file) : null;
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(settings);
        services.AddSettingsOf(options.Data);
        await using var provider = services.BuildServiceProvider();
        // Holds the folder's lock. Nodes on one database have no lock in common: their operator stops them.
        using var alone = settings.Store is null ? new SqliteStore(new SqliteStoreOptions { Folder = options.Data, CheckAtStart = false }) : null;
        var isOwn = SecretKey.IsOwn(options.Data);
        var passed = new SecretRotation(
            options.Data, provider.GetRequiredService<IManagedStore>,
            (from, to) => settings.Store is null ? 0 : SealCheck.Pass(provider.GetRequiredService<OperationsDatabase>(), from, to)).Run(next);
        await output.WriteLineAsync($"{passed} secrets passed to the new key.");
        await output.WriteLineAsync(isOwn
            ? $"It is {Path.Combine(options.Data, SecretKey.FileName)}: keep a copy of it, and the old one as long as you keep backups that were made under it."
            : "Start the gateway with it from now on, and keep the old one as long as you keep backups that were made under it.");
        return 0;
    }
}
