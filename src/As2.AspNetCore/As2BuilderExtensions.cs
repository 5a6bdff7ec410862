using As2.AspNetCore.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace As2.AspNetCore;

/// <summary>What a host adds to the engine.</summary>
public static class As2BuilderExtensions
{
    /// <summary>Adds the background work: delivery, sending, asynchronous receipts, and what the store's retention policy removes.</summary>
    public static As2Builder AddWorkers(this As2Builder builder)
    {
        builder.Services.TryAddSingleton<JobKinds>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, JobWorker>());
        builder.Services.TryAddSingleton(new Storage.RetentionPolicy());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KeeperService>());
        return builder;
    }

    /// <summary>
    /// Reads stations and partnerships from a configuration section when the host starts; see <see cref="As2Settings"/>. Every fault in
    /// it is reported at once, before a port opens.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section.</param>
    /// <param name="folder">Certificate files are relative to this folder. Default: the current one.</param>
    public static As2Builder AddPartnerships(this As2Builder builder, IConfiguration section, string? folder = null)
    {
        builder.Services.AddSingleton(new PartnershipsFromSettings(section, folder ?? Directory.GetCurrentDirectory()));
        builder.Services.RemoveAll<Agreements.PartnershipBook>();
        builder.Services.AddSingleton(s => s.GetServices<PartnershipsFromSettings>().Aggregate(new Agreements.PartnershipBook(), (book, source) => source.Fill(book)));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PartnershipStart>());
        return builder;
    }
}
