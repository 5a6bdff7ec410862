using As2.AspNetCore;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

// So that it is found where services are composed.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Memory of Kestrel's connections for a host whose requests are mostly AS2.</summary>
public static class As2ConnectionMemoryExtensions
{
    /// <summary>
    /// Lets Kestrel read its connections in blocks of 16 KiB in place of 4: a message of 10 KiB comes off its socket in two calls instead of
    /// eight. For the whole host; up to 4 MiB that nobody uses are kept. Repeatable; what the host had for it is replaced.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    public static IServiceCollection AddAs2ConnectionMemory(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>, ConnectionMemory>());
        return services;
    }
}
