using As2.Routes;
using As2.Storage;
using As2.Storage.PostgreSql;
using Microsoft.Extensions.DependencyInjection.Extensions;

// So that it is found where services are composed.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Composes the PostgreSQL store.</summary>
public static class As2PostgresServiceCollectionExtensions
{
    /// <summary>
    /// Keeps everything in PostgreSQL, for any number of nodes. Takes the place of a store added before, in whatever order with AddAs2.
    /// The database is opened at first use.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Where and how.</param>
    /// <param name="blobs">Makes the store of large contents, which every node must reach: a <see cref="FileBlobStore"/> on a shared folder, S3.</param>
    public static IServiceCollection AddPostgresStore(
        this IServiceCollection services, Action<PostgresStoreOptions> configure, Func<IServiceProvider, IBlobStore> blobs)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new PostgresStoreOptions();
        configure(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(p => new JobSignal(p.GetRequiredService<TimeProvider>()));
        // A host has no context that a wait could block, and a service cannot be made later.
        services.TryAddSingleton(p => PostgresStore.OpenAsync(options, p.GetRequiredService<JobSignal>(), CancellationToken.None).GetAwaiter().GetResult());
        services.Replace(ServiceDescriptor.Singleton<IMessageStore>(p => p.GetRequiredService<PostgresStore>()));
        services.Replace(ServiceDescriptor.Singleton<IMessageJournal>(p => p.GetRequiredService<PostgresStore>()));
        services.Replace(ServiceDescriptor.Singleton<IMailboxStore>(p => p.GetRequiredService<PostgresStore>()));
        services.Replace(ServiceDescriptor.Singleton<IStoreHealth>(p => p.GetRequiredService<PostgresStore>()));
        services.Replace(ServiceDescriptor.Singleton<IStoreUsage>(p => p.GetRequiredService<PostgresStore>()));
        services.Replace(ServiceDescriptor.Singleton<IStoreKeeping>(p => p.GetRequiredService<PostgresStore>()));
        services.Replace(ServiceDescriptor.Singleton(p => new SharedState(new PostgresStandings(p.GetRequiredService<PostgresStore>), new PostgresBounds(p.GetRequiredService<PostgresStore>))));
        services.Replace(ServiceDescriptor.Singleton(p => p.GetRequiredService<SharedState>().Bounds));
        services.Replace(ServiceDescriptor.Singleton(blobs));
        return services;
    }
}
