using System.Diagnostics.CodeAnalysis;
using As2.Agreements;
using As2.Certificates;
using As2.Payloads;
using As2.Restart;
using As2.Routes;
using As2.Storage;
using As2.Transmission;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace As2;

/// <summary>What <see cref="As2ServiceCollectionExtensions.AddAs2"/> returns: the services, for what is added next.</summary>
/// <param name="Services">The services.</param>
public sealed record As2Builder(IServiceCollection Services);

/// <summary>Registers the engine.</summary>
public static class As2ServiceCollectionExtensions
{
    /// <summary>
    /// Registers the engine with an in-memory store and an empty <see cref="PartnershipBook"/>, wherever the host registered nothing
    /// of its own. May be called again.
    /// </summary>
    public static As2Builder AddAs2(this IServiceCollection services, Action<As2Options>? configure = null)
    {
        services.AddOptions<As2Options>();
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PartnershipBook>();
        services.TryAddSingleton<IPartnershipDirectory>(s => s.GetRequiredService<PartnershipBook>());
        services.TryAddSingleton<ICertificateSource>(s => s.GetRequiredService<PartnershipBook>());
        services.TryAddSingleton(s => new PrivateKeyQueue(s.GetRequiredService<IOptions<As2Options>>().Value.MaxWaitingForKeys));
        services.TryAddSingleton<PartnerServices>();
        services.TryAddSingleton(Storage);
        services.TryAddSingleton(_ => new HttpTransport());
        services.TryAddSingleton<PayloadRoutes>();
        services.TryAddSingleton<As2Receiver>();
        services.TryAddSingleton<As2Sender>();
        services.TryAddSingleton<PayloadDelivery>();
        services.TryAddSingleton<ReceiptDispatch>();
        services.TryAddSingleton<MessageOperations>();
        services.TryAddSingleton<QuotaGate>();
        services.AddInMemoryStore();
        return new As2Builder(services);
    }

    /// <summary>Adds a place that takes payloads; partnerships refer to it by its name.</summary>
    public static As2Builder AddDestination(this As2Builder builder, IPayloadDestination destination)
    {
        builder.Services.AddSingleton(destination);
        return builder;
    }

    /// <summary>
    /// Adds the application's handler as the route <c>application</c>, which partnerships without routes use.
    /// </summary>
    public static As2Builder AddPayloadHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(this As2Builder builder)
        where THandler : class, IPayloadHandler
    {
        builder.Services.TryAddSingleton<IPayloadHandler, THandler>();
        return builder.AddHandlerRoute();
    }

    /// <summary>Adds a method as the application's handler.</summary>
    public static As2Builder AddPayloadHandler(this As2Builder builder, Func<ReceivedMessage, CancellationToken, ValueTask> handler)
    {
        builder.Services.TryAddSingleton<IPayloadHandler>(new DelegateHandler(handler));
        return builder.AddHandlerRoute();
    }

    private static StorageServices Storage(IServiceProvider services)
    {
        var blobs = services.GetRequiredService<IBlobStore>();
        return new StorageServices(
            services.GetRequiredService<IMessageStore>(), services.GetRequiredService<IMessageJournal>(), blobs, services.GetService<IStoreHealth>(),
            PartialBodies.Beside(blobs, services.GetRequiredService<IOptions<As2Options>>().Value.Restart, services.GetRequiredService<TimeProvider>()),
            services.GetService<QuotaGate>())
        {
            Shared = services.GetService<SharedState>(),
        };
    }

    private static As2Builder AddHandlerRoute(this As2Builder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPayloadDestination, HandlerDestination>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<As2Options>, HandlerRoute>());
        return builder;
    }

    private sealed class HandlerRoute : IConfigureOptions<As2Options>
    {
        public void Configure(As2Options options) => options.DefaultRoutes.Add(HandlerDestination.RouteName);
    }

    private sealed class DelegateHandler(Func<ReceivedMessage, CancellationToken, ValueTask> handler) : IPayloadHandler
    {
        public ValueTask HandleAsync(ReceivedMessage message, CancellationToken cancellationToken) => handler(message, cancellationToken);
    }
}
