using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ManagedGateway.Operations.Access;

/// <summary>Tokens in forms, sealed with the key of the gateway's secrets: no key ring lies in a home folder, and any node takes what another gave out.</summary>
internal static class Forms
{
    /// <summary>Last of all: others add the framework's key ring.</summary>
    public static void AddForms(this IServiceCollection services)
    {
        services.AddAntiforgery(form => form.Cookie.Name = "as2gw-form");
        services.Replace(ServiceDescriptor.Singleton<IDataProtectionProvider>(s => new SealedForms(s.GetRequiredService<Secrets.SecretBox>())));
        // It would make a key ring in the home folder at start.
        foreach (var keeper in services.Where(s => s.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            services.Remove(keeper);
    }
}
