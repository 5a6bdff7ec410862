using As2.Routes;
using As2.Storage;
using As2.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;

// So that it is found where services are composed.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Composes the SQLite store.</summary>
public static class As2SqliteServiceCollectionExtensions
{
    /// <summary>Keeps everything in this data folder.</summary>
    /// <param name="services">The services.</param>
    /// <param name="folder">The data folder, on a local disk; made if absent, held by one process.</param>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, string folder)
        => services.AddSqliteStore(options => options.Folder = folder);

    /// <summary>Keeps everything in SQLite. Takes the place of a store added before, in whatever order with AddAs2. The folder is opened at first use.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, Action<SqliteStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new SqliteStoreOptions();
        configure(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(p => new JobSignal(p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(p => new SqliteStore(options, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<JobSignal>()));
        services.Replace(ServiceDescriptor.Singleton<IMessageStore>(p => p.GetRequiredService<SqliteStore>()));
        services.Replace(ServiceDescriptor.Singleton<IMessageJournal>(p => p.GetRequiredService<SqliteStore>()));
        services.Replace(ServiceDescriptor.Singleton<IMailboxStore>(p => p.GetRequiredService<SqliteStore>()));
        services.Replace(ServiceDescriptor.Singleton<IStoreHealth>(p => p.GetRequiredService<SqliteStore>()));
        services.Replace(ServiceDescriptor.Singleton<IStoreUsage>(p => p.GetRequiredService<SqliteStore>()));
        services.Replace(ServiceDescriptor.Singleton<IStoreKeeping>(p => p.GetRequiredService<SqliteStore>()));
        services.Replace(ServiceDescriptor.Singleton(p => p.GetRequiredService<SqliteStore>().Blobs));
        return services;
    }
}
