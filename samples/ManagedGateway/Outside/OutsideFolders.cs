using As2;
using As2.Ftp.Destinations;
using As2.Routes;

namespace ManagedGateway.Outside;

/// <summary>Adds the outside folders of the settings: routes for what is received and for reports, and the intake.</summary>
internal static class OutsideFolders
{
    public static void AddOutsideFolders(this IServiceCollection services, IReadOnlyList<OutsideSettings> settings, string data)
    {
        if (settings.GroupBy(folder => folder.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new As2Exception("GW-OUTSIDE-001", $"There are two outside folders named '{twice.Key}': rename one.");
        var folders = settings.Select(folder => (folder, new OutsideConnector(folder, data))).ToList();
        foreach (var (folder, connector) in folders)
        {
            connector.Check();
            services.AddSingleton(connector);
            services.AddSingleton<IPayloadDestination>(new FtpDestination(Destination(folder, connector)));
        }
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<OutsideIntake>(
            provider, (IReadOnlyList<(OutsideSettings, OutsideConnector)>)folders));
    }

    private static FtpDestinationOptions Destination(OutsideSettings folder, OutsideConnector connector) => new()
    {
        Name = OutsideRoute.Prefix + folder.Name,
        Folder = folder.Put?.Folder ?? folder.Take?.Report ?? folder.Take?.Folder ?? "/",
        ReportFolder = folder.Take?.Report ?? folder.Take?.Folder,
        TemporaryFolder = folder.Put?.Temporary,
        ReadsBack = folder.Put?.ReadBack ?? false,
        Naming = FileNamePattern.Parse(folder.Put?.Naming ?? FileNamePattern.Unique.ToString()),
        Collision = folder.Put?.Collision ?? NameCollision.Number,
        Connect = connector.ConnectAsync,
    };
}
