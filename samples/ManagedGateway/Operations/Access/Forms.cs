using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ManagedGateway.Operations.Access;

/// <summary>Tokens in forms. They are good until the next start, so their key lies nowhere, neither in the data folder nor in a home folder.</summary>
internal static class Forms
{
    /// <summary>Last of all: others add the framework's key ring.</summary>
    public static void AddForms(this IServiceCollection services)
    {
        services.AddAntiforgery(form => form.Cookie.Name = "as2gw-form");
        services.Replace(ServiceDescriptor.Singleton<IDataProtectionProvider, EphemeralDataProtectionProvider>());
        // It would make a key ring in the home folder at start.
        foreach (var keeper in services.Where(s => s.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            services.Remove(keeper);
    }
}
