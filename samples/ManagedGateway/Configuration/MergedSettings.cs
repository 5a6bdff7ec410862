using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using As2;
using As2.AspNetCore;
using ManagedGateway.Secrets;

namespace ManagedGateway.Configuration;

/// <summary>
/// The configuration in force, in this order of precedence: variables of the environment, setting by setting; <c>gateway.json</c>, entry by
/// entry; what console and API saved. An entry is a station, a partnership, an account, an outside folder, a webhook, or one of the blocks Alerts and Addresses; organisations are joined, so
/// that a saved station can belong to one of the file. Immutable.
/// </summary>
internal sealed class MergedSettings
{
    private static readonly (string List, EntryKind Kind)[] s_lists = [("Accounts", EntryKind.Account), ("Outside", EntryKind.Outside), ("Webhooks", EntryKind.Webhook)];
    private static readonly JsonNodeOptions s_names = new() { PropertyNameCaseInsensitive = true };

    private readonly IReadOnlyDictionary<EntryName, JsonObject> _saved;
    private readonly SealedFiles _files;
    private readonly SecretBox _box;
    private readonly JsonObject _root;
    private readonly string _data;

    /// <param name="data">The data folder.</param>
    /// <param name="file">What <see cref="SettingsFile.Read"/> gave; not changed.</param>
    /// <param name="state">What is saved.</param>
    /// <param name="box">Opens the secrets in both.</param>
    /// <exception cref="As2Exception">GW-CONFIG-001: a setting is not understood; GW-SECRET-*.</exception>
    public MergedSettings(string data, JsonObject file, ManagedState state, SecretBox box)
    {
        (_data, _saved, _box, _files) = (data, state.Entries, box, new SealedFiles(data, box));
        _root = file.DeepClone().AsObject();
        Unseal(_root, GatewaySettings.FileName);
        // Its form is looked at before anything is added to it.
        _ = GatewaySettings.Of(_root, data);
        var fixedOnes = FixedIn(_root).ToHashSet();
        Fixed = fixedOnes;
        foreach (var (name, body) in state.Entries.Where(e => e.Key.Kind == EntryKind.Organisation || !fixedOnes.Contains(e.Key)).OrderBy(e => e.Key.Key, StringComparer.Ordinal))
            Add(name, body);
        Settings = GatewaySettings.Of(_root, data);
    }

    /// <summary>The entries of the file, which nothing that is saved replaces.</summary>
    public IReadOnlySet<EntryName> Fixed { get; }

    /// <summary>Everything but the section As2.</summary>
    public GatewaySettings Settings { get; }

    /// <summary>The partnerships in the order of the section, which faults number.</summary>
    public IReadOnlyList<EntryName> Partnerships => [.. List(nameof(Partnerships)).OfType<JsonObject>().Select(NameOf)];

    /// <summary>The stations' names.</summary>
    public IReadOnlyList<string> Stations => [.. Block(nameof(Stations)).Select(s => s.Key)];

    /// <summary>A station as it stands, secrets in clear; null: there is none.</summary>
    public JsonObject? Station(string name) => Block(nameof(Stations))[name] as JsonObject;

    /// <summary>A partnership as it stands, secrets in clear; null: there is none.</summary>
    public JsonObject? Partnership(string local, string partner)
        => List(nameof(Partnerships)).OfType<JsonObject>().FirstOrDefault(p => NameOf(p) == EntryName.Of(local, partner));

    /// <summary>The settings as the engine reads them.</summary>
    public PartnershipSource ToSource() => new() { Open = OpenAs2, Folder = _data, ReadFile = ReadFile };

    /// <summary>The section As2, with what variables of the environment say over it, such as <c>GATEWAY_As2__Stations__ACME__Password</c>.</summary>
    public IConfigurationSection OpenAs2()
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(new JsonObject { ["As2"] = _root["As2"]?.DeepClone() ?? new JsonObject() }.ToJsonString()));
        return new ConfigurationBuilder().AddJsonStream(json).AddEnvironmentVariables("GATEWAY_").Build().GetSection("As2");
    }

    /// <summary>A file that the section names, in clear, by its whole path or as it is named: of the data folder, or a certificate that is saved.</summary>
    public byte[] ReadFile(string path)
    {
        try
        {
            if (!ManagedCertificate.TryIdOf(Path.GetFileName(path), out var id))
                return _files.Read(Path.Combine(_data, path));
            return _saved.TryGetValue(new EntryName(EntryKind.Certificate, id), out var body)
                ? ManagedCertificate.Read(id, body, _box)
                : throw new IOException("There is no such saved certificate (any more).");
        }
        catch (As2Exception e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private void Add(EntryName name, JsonObject body)
    {
        var clear = new JsonObject(s_names);
        foreach (var (member, value) in body)
            clear[member] = value?.DeepClone();
        Unseal(clear, name.ToString());
        switch (name.Kind)
        {
            case EntryKind.Organisation:
                Join(name.Key, clear);
                break;
            case EntryKind.Station:
                Block(nameof(Stations))[name.Key] = clear;
                break;
            case EntryKind.Partnership:
                List(nameof(Partnerships)).Add((JsonNode)clear);
                break;
            case EntryKind.Alerts or EntryKind.Addresses:
                _root[name.Kind.ToString()] = clear;
                break;
            case EntryKind.Account or EntryKind.Outside or EntryKind.Webhook:
                Member(_root, s_lists.First(l => l.Kind == name.Kind).List, () => new JsonArray()).AsArray().Add((JsonNode)clear);
                break;
        }
    }

    private void Join(string name, JsonObject organisation)
    {
        var stations = Member(Member(_root, "Organisations", () => new JsonObject(s_names)).AsObject(), name, () => new JsonArray()).AsArray();
        foreach (var station in organisation[nameof(Stations)]?.AsArray() ?? [])
        {
            if (!stations.Any(s => s?.GetValue<string>() == station!.GetValue<string>()))
                stations.Add(station!.DeepClone());
        }
    }

    private JsonObject Block(string name) => Member(Member(_root, "As2", () => new JsonObject(s_names)).AsObject(), name, () => new JsonObject(s_names)).AsObject();

    private JsonArray List(string name) => Member(Member(_root, "As2", () => new JsonObject(s_names)).AsObject(), name, () => new JsonArray()).AsArray();

    private static JsonNode Member(JsonObject parent, string name, Func<JsonNode> make)
    {
        if (parent[name] is { } there)
            return there;
        var made = make();
        parent[name] = made;
        return made;
    }

    private static IEnumerable<EntryName> FixedIn(JsonObject root)
    {
        foreach (var (name, _) in root["Organisations"] as JsonObject ?? [])
            yield return new(EntryKind.Organisation, name);
        foreach (var (name, _) in root["As2"]?[nameof(Stations)] as JsonObject ?? [])
            yield return new(EntryKind.Station, name);
        foreach (var partnership in (root["As2"]?[nameof(Partnerships)] as JsonArray ?? []).OfType<JsonObject>())
            yield return NameOf(partnership);
        if (root["Alerts"] is not null)
            yield return EntryName.Alerts;
        if (root["Addresses"] is not null)
            yield return EntryName.Addresses;
        foreach (var (list, kind) in s_lists)
        {
            foreach (var entry in (root[list] as JsonArray ?? []).OfType<JsonObject>())
                yield return new(kind, entry["Name"]?.ToString() ?? "");
        }
    }

    private static EntryName NameOf(JsonObject partnership) => EntryName.Of(partnership["Local"]?.ToString() ?? "", partnership["Partner"]?.ToString() ?? "");

    private void Unseal(JsonNode? node, string id)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String && SecretBox.IsSealed(text.GetValue<string>()))
                        members[name] = _box.OpenText(text.GetValue<string>(), id, name);
                    else
                        Unseal(value, id);
                }
                break;
            case JsonArray items:
                foreach (var item in items)
                    Unseal(item, id);
                break;
        }
    }
}
