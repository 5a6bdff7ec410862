using As2.Routes;
using As2.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

// So that it is found where services are composed.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Composes the in-memory store.</summary>
public static class As2InMemoryServiceCollectionExtensions
{
    /// <summary>
    /// Keeps everything in memory: for tests, and for programs that remember elsewhere. Workers of a host forget what is finished by
    /// <see cref="RetentionPolicy.OfMemory"/>, or by the <see cref="RetentionPolicy"/> that is registered. Repeatable; a store added before wins.
    /// </summary>
    public static IServiceCollection AddInMemoryStore(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(p => new JobSignal(p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(p => new InMemoryStore(p.GetRequiredService<TimeProvider>(), p.GetRequiredService<JobSignal>()));
        services.TryAddSingleton<IMessageStore>(p => p.GetRequiredService<InMemoryStore>());
        services.TryAddSingleton<IMessageJournal>(p => p.GetRequiredService<InMemoryStore>());
        services.TryAddSingleton<IMailboxStore>(p => p.GetRequiredService<InMemoryStore>());
        services.TryAddSingleton<IStoreHealth>(p => p.GetRequiredService<InMemoryStore>());
        services.TryAddSingleton<IStoreUsage>(p => p.GetRequiredService<InMemoryStore>());
        services.TryAddSingleton<IStoreKeeping>(p => p.GetRequiredService<InMemoryStore>());
        services.TryAddSingleton<IBlobStore>(p => p.GetRequiredService<InMemoryStore>());
        return services;
    }
}
