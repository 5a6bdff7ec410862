using System.Globalization;
using As2.AspNetCore;
using ManagedGateway.Secrets;

namespace ManagedGateway.Configuration;

/// <summary>The configuration in force as the running gateway sees it: read anew when <c>gateway.json</c> or what is saved changes. Thread-safe.</summary>
internal sealed class LiveSettings(string data, IManagedStore store, SecretBox box)
{
    private volatile MergedSettings? _current;
    private volatile string _version = "";

    /// <summary>What was read last.</summary>
    /// <exception cref="As2.As2Exception">At the first call: GW-CONFIG-001, GW-SECRET-*.</exception>
    public MergedSettings Current => _current ?? Read();

    /// <summary>Where the engine takes its settings from.</summary>
    public PartnershipSource Source => new()
    {
        Open = () => Read().OpenAs2(), Folder = data, Files = [Path.Combine(data, GatewaySettings.FileName)],
        Version = Version, ReadFile = path => Current.ReadFile(path),
    };

    /// <summary>What would be in force if something else was saved.</summary>
    public MergedSettings With(ManagedState state) => new(data, SettingsFile.Read(data), state, box);

    private string Version()
    {
        try
        {
            return _version = store.Version.ToString(CultureInfo.InvariantCulture);
        }
        catch (As2.As2Exception e) when (e.Id == "GW-OPERATIONS-002")
        {
            // What is in force stays so while the database does not answer; everything else that needs it tells of that.
            return _version;
        }
    }

    private MergedSettings Read() => _current = With(store.Read());
}
