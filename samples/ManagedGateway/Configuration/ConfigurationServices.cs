using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Store;
using ManagedGateway.Secrets;
using ManagedGateway.Stores;

namespace ManagedGateway.Configuration;

/// <summary>What the configuration in force needs.</summary>
internal static class ConfigurationServices
{
    /// <summary>Adds it; nothing is opened before it is asked for.</summary>
    public static void AddManagedConfiguration(this IServiceCollection services, string data, StoreSettings? store)
    {
        services.AddSingleton(_ => new SecretBox(data));
        services.AddSingleton(s => new SealedFiles(data, s.GetRequiredService<SecretBox>()));
        services.AddSingleton(s => SealCheck.Open(OperationsDatabase.Open(data, store, s.GetService<TimeProvider>() ?? TimeProvider.System), s.GetRequiredService<SecretBox>()));
        services.AddSingleton<AuditLog>();
        // Only a console saves anything, of this gateway or of another node; where there never was one there is nothing to open.
        if (store is not null || File.Exists(Path.Combine(data, SqliteOperations.FileName)) || GatewaySettings.Load(data).Console is not null)
            services.AddSingleton<IManagedStore, DatabaseManagedStore>();
        else
            services.AddSingleton<IManagedStore, NoManagedStore>();
        services.AddSingleton(s => new LiveSettings(data, s.GetRequiredService<IManagedStore>(), s.GetRequiredService<SecretBox>()));
    }
}
