using As2.CertificateExchange;
using As2.Certificates;
using As2.Routes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace As2;

/// <summary>Turns certificate exchange on in a host.</summary>
public static class CertificateExchangeExtensions
{
    /// <summary>
    /// Exchanges certificates by messages with the partnerships whose agreement says so (<see cref="Agreements.Partnership.Exchange"/>). Call it
    /// after a certificate source of your own was registered: it gives that source's certificates and the exchanged ones.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="store">Where exchanges are kept, for example <see cref="FolderExchangeStore"/>.</param>
    public static As2Builder AddCertificateExchange(this As2Builder builder, IExchangeStore store) => builder.AddCertificateExchange(_ => store);

    /// <inheritdoc cref="AddCertificateExchange(As2Builder, IExchangeStore)"/>
    /// <param name="builder">The builder.</param>
    /// <param name="store">Makes the place where exchanges are kept, at first use.</param>
    public static As2Builder AddCertificateExchange(this As2Builder builder, Func<IServiceProvider, IExchangeStore> store)
    {
        var services = builder.Services;
        if (services.Any(s => s.ServiceType == typeof(ExchangeBook)))
            return builder;
        var inner = services.Last(s => s.ServiceType == typeof(ICertificateSource));
        services.RemoveAll<ICertificateSource>();
        services.AddSingleton<ICertificateSource>(s => new ExchangeCertificateSource(Resolve(inner, s), s.GetRequiredService<ExchangeBook>()));
        services.AddSingleton(store);
        services.AddSingleton<ExchangeBook>();
        services.AddSingleton<ExchangeIntake>();
        services.AddSingleton<CertificateExchanges>();
        services.AddSingleton<IPayloadDestination, ExchangeDestination>();
        services.AddSingleton(s => new ExchangeDispatch(
            (s.GetRequiredService<IExchangeStore>(), s.GetRequiredService<ExchangeBook>()), s.GetRequiredService<As2Sender>(), s.GetRequiredService<PartnerServices>(),
            s.GetRequiredService<StorageServices>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<ExchangeDispatch>>()));
        return builder;
    }

    private static ICertificateSource Resolve(ServiceDescriptor registered, IServiceProvider services)
        => (ICertificateSource)(registered.ImplementationInstance ?? registered.ImplementationFactory?.Invoke(services)
            ?? ActivatorUtilities.CreateInstance(services, registered.ImplementationType!));
}
