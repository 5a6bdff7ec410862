using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Store;
using ManagedGateway.Secrets;

namespace ManagedGateway.Configuration;

/// <summary>What the configuration in force needs.</summary>
internal static class ConfigurationServices
{
    /// <summary>Adds it; nothing is opened before it is asked for.</summary>
    public static void AddManagedConfiguration(this IServiceCollection services, string data)
    {
        services.AddSingleton(_ => new SecretBox(data));
        services.AddSingleton(s => new SealedFiles(data, s.GetRequiredService<SecretBox>()));
        services.AddSingleton(_ => new OperationsDatabase(data));
        services.AddSingleton<AuditLog>();
        // Only a console saves anything; where there never was one there is nothing to open.
        if (File.Exists(Path.Combine(data, OperationsDatabase.FileName)) || GatewaySettings.Load(data).Console is not null)
            services.AddSingleton<IManagedStore, SqliteManagedStore>();
        else
            services.AddSingleton<IManagedStore, NoManagedStore>();
        services.AddSingleton(s => new LiveSettings(data, s.GetRequiredService<IManagedStore>(), s.GetRequiredService<SecretBox>()));
    }
}
