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

    /// <summary>Keeps everything in SQLite. Repeatable; a store added before wins. The folder is opened at first use.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, Action<SqliteStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new SqliteStoreOptions();
        configure(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(p => new JobSignal(p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(p => new SqliteStore(options, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<JobSignal>()));
        services.TryAddSingleton<IMessageStore>(p => p.GetRequiredService<SqliteStore>());
        services.TryAddSingleton<IMessageJournal>(p => p.GetRequiredService<SqliteStore>());
        services.TryAddSingleton<IMailboxStore>(p => p.GetRequiredService<SqliteStore>());
        services.TryAddSingleton<IStoreHealth>(p => p.GetRequiredService<SqliteStore>());
        services.TryAddSingleton<IStoreKeeping>(p => p.GetRequiredService<SqliteStore>());
        services.TryAddSingleton(p => p.GetRequiredService<SqliteStore>().Blobs);
        return services;
    }
}
