using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using As2;
using As2.Routes;
using ManagedGateway.Listening;

namespace ManagedGateway;

/// <summary>What <c>gateway.json</c> in the data folder says.</summary>
internal sealed class GatewaySettings
{
    public const string FileName = "gateway.json";

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true, PropertyNameCaseInsensitive = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    /// <summary>Where the listeners are.</summary>
    public ListenerSettings Listen { get; set; } = new();

    /// <summary>Where figures, health and traces go. Default: nowhere.</summary>
    public Watching.WatchSettings? Watch { get; set; }

    /// <summary>The FTP accounts, one for each trading partner of an organisation.</summary>
    public List<AccountSettings> Accounts { get; set; } = [];

    /// <summary>Folders on other servers and of this machine.</summary>
    public List<Outside.OutsideSettings> Outside { get; set; } = [];

    /// <summary>A database that several gateways share. Default: none, messages are kept in the data folder.</summary>
    public Stores.StoreSettings? Store { get; set; }

    /// <summary>Console and API. Default: none.</summary>
    public Operations.ConsoleSettings? Console { get; set; }

    /// <summary>The organisations and their stations: <c>"Acme Ltd": [ "ACME" ]</c>. A station that none names belongs to <c>default</c>.</summary>
    public Dictionary<string, List<string>> Organisations { get; set; } = [];

    /// <summary>What organisations may use, by their names. Default: no limit.</summary>
    public Dictionary<string, Accounts.QuotaSettings> Quotas { get; set; } = [];

    /// <summary>When people are told, and by which mail server.</summary>
    public Operations.Alerts.AlertSettings Alerts { get; set; } = new();

    /// <summary>How others reach this gateway: what links and pages for partners say.</summary>
    public Operations.AddressSettings Addresses { get; set; } = new();

    /// <summary>Whom we tell of messages and alerts by HTTP.</summary>
    public List<Operations.Notices.WebhookSettings> Webhooks { get; set; } = [];

    /// <summary>Engine, stations and partnerships, which <c>AddPartnerships</c> reads.</summary>
    public JsonObject As2 { get; set; } = [];

    /// <summary>Reads the data folder's settings, without what console and API saved.</summary>
    /// <exception cref="As2Exception">GW-CONFIG-001: there are none, or they cannot be read.</exception>
    public static GatewaySettings Load(string data) => Of(Configuration.SettingsFile.Read(data), data);

    /// <summary>The settings in a JSON object.</summary>
    /// <exception cref="As2Exception">GW-CONFIG-001: something in it is not understood.</exception>
    public static GatewaySettings Of(JsonObject root, string data)
    {
        try
        {
            return root.Deserialize<GatewaySettings>(s_json) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new As2Exception("GW-CONFIG-001", $"{Path.Combine(data, FileName)} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes the settings so that a crash leaves the old ones or the new ones, never half.</summary>
    public void Save(string data)
    {
        var file = Path.Combine(data, FileName);
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(this, s_json));
        File.Move(file + ".new", file, overwrite: true);
    }
}

/// <summary>One FTP account: one organisation's door to one trading partner.</summary>
internal sealed class AccountSettings
{
    /// <summary>The user name.</summary>
    public string Name { get; set; } = "";

    /// <summary>The password's hash. Default: none, the account signs in with a certificate.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>SHA-256 fingerprints of certificates that the account's owner may sign in with, in place of the password.</summary>
    public List<string> Certificates { get; set; } = [];

    /// <summary>Most files in all folders together.</summary>
    public long MaxFiles { get; set; } = 100_000;

    /// <summary>Most bytes in all folders together. Default: no limit.</summary>
    public long MaxBytes { get; set; } = long.MaxValue;

    /// <summary>How files are named in <c>inbox</c>; see <see cref="As2.Routes.FileNamePattern"/>, without sub-folders. Default: the partner's name.</summary>
    public string Naming { get; set; } = FileNamePattern.Original.ToString();

    /// <summary>Nobody signs in, and nothing is lost: what arrives waits in its folders. Default: false.</summary>
    [JsonConverter(typeof(Configuration.FlagText))]
    public bool Disabled { get; set; }

    /// <summary>The organisation's AS2 name.</summary>
    public string Local { get; set; } = "";

    /// <summary>The trading partner's AS2 name.</summary>
    public string Partner { get; set; } = "";
}
