using As2.Agreements;
using As2.AspNetCore.Configuration;
using As2.AspNetCore.Health;
using As2.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace As2.AspNetCore;

/// <summary>What a host adds to the engine.</summary>
public static class As2BuilderExtensions
{
    /// <summary>Adds the background work: delivery, sending, asynchronous receipts, and what the store's retention policy removes.</summary>
    public static As2Builder AddWorkers(this As2Builder builder)
    {
        builder.Services.TryAddSingleton<JobKinds>();
        builder.Services.TryAddSingleton<WorkerPulse>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, JobWorker>());
        builder.Services.TryAddSingleton(s => s.GetRequiredService<IMessageStore>() is InMemoryStore ? RetentionPolicy.OfMemory : new RetentionPolicy());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KeeperService>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ExchangeService>());
        return builder;
    }

    /// <summary>
    /// Reads stations, partnerships and engine settings from a configuration section when the host starts, and stations and partnerships
    /// again when they change. Every fault is reported at once, before a port opens; a fault in a change leaves the old ones in use.
    /// What may stand there: docs/settings.md.
    /// <code>
    /// "As2": {
    ///   "Stations": { "ACME": { "Certificate": "acme.p12", "Password": "…" } },
    ///   "Partnerships": [ { "Local": "ACME", "Partner": "GLOBEX", "Preset": "openas2", "Endpoint": "https://as2.globex.example/as2", "Certificate": "globex.cer" } ]
    /// }
    /// </code>
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section.</param>
    /// <param name="folder">Certificate files are relative to this folder. Default: the current one.</param>
    public static As2Builder AddPartnerships(this As2Builder builder, IConfigurationSection section, string? folder = null)
        => builder.AddSource(s => new As2SettingsSource(new PartnershipSource { Open = () => section, Folder = folder ?? Directory.GetCurrentDirectory() }, s.GetRequiredService<TimeProvider>()).Watching(section));

    /// <summary>The same from a source that is opened anew for each reading.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="open">Gives the section as it is now; called at start, and when one of the files changed.</param>
    /// <param name="folder">Certificate files are relative to this folder.</param>
    /// <param name="files">The files from which the section comes; a change of one, or of a certificate file, is a change of the settings.</param>
    public static As2Builder AddPartnerships(this As2Builder builder, Func<IConfigurationSection> open, string folder, params IReadOnlyList<string> files)
        => builder.AddPartnerships(_ => new PartnershipSource { Open = open, Folder = folder, Files = files });

    /// <summary>The same from a source that also says how files are read, and what else may change.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="source">Makes it of the host's services.</param>
    public static As2Builder AddPartnerships(this As2Builder builder, Func<IServiceProvider, PartnershipSource> source)
        => builder.AddSource(s => new As2SettingsSource(source(s), s.GetRequiredService<TimeProvider>()));

    private static As2Builder AddSource(this As2Builder builder, Func<IServiceProvider, As2SettingsSource> source)
    {
        builder.Services.AddSingleton(source);
        builder.Services.RemoveAll<PartnershipBook>();
        builder.Services.AddSingleton(s => s.GetServices<As2SettingsSource>().SelectMany(o => o.First.Book.Partnerships.Select(p => (o.First.Book, p)))
            .Aggregate(new PartnershipBook(), (book, found) => book.Add(found.p, found.Book.CertificatesOf(found.p)!)));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<As2Options>, EngineFromSettings>());
        builder.Services.TryAddSingleton(s => new As2Settings(
            s.GetRequiredService<PartnershipBook>(), s.GetServices<As2SettingsSource>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<As2Settings>>()));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<As2EndpointOptions>, EndpointFromSettings>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PartnershipReload>());
        return builder;
    }

    private sealed class EngineFromSettings(IEnumerable<As2SettingsSource> sources) : IConfigureOptions<As2Options>
    {
        public void Configure(As2Options options)
        {
            foreach (var source in sources)
                source.First.ConfigureEngine(options);
        }
    }

    private sealed class EndpointFromSettings(IEnumerable<As2SettingsSource> sources) : IConfigureOptions<As2EndpointOptions>
    {
        public void Configure(As2EndpointOptions options)
        {
            foreach (var source in sources)
                source.First.ConfigureEndpoint(options);
        }
    }
}
