using System.Text.Json.Nodes;
using As2;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations.Access;
using ManagedGateway.Secrets;

namespace ManagedGateway.Configuration.Code;

/// <summary>
/// The configuration as code: what is saved, as one JSON document without secrets, out and in again. Taking in what is there already changes
/// nothing; what the document does not name stays; secrets and keys that are there stay. Thread-safe.
/// </summary>
internal sealed class ConfigurationCode(SettingsChanges changes, IManagedStore store, SecretBox box, TimeProvider clock)
{
    private static readonly (string Block, EntryKind Kind)[] s_blocks =
    [
        ("Organisations", EntryKind.Organisation), ("Stations", EntryKind.Station), ("Partnerships", EntryKind.Partnership), ("Accounts", EntryKind.Account),
        ("Webhooks", EntryKind.Webhook), ("Alerts", EntryKind.Alerts), ("Addresses", EntryKind.Addresses),
    ];

    /// <summary>Everything that is saved, without secrets.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-003: the caller is of one organisation.</exception>
    public JsonObject Export(Caller caller)
    {
        OfAll(caller);
        var (state, code) = (store.Read(), new JsonObject());
        foreach (var (block, kind) in s_blocks)
        {
            var entries = state.Entries.Where(e => e.Key.Kind == kind).OrderBy(e => e.Key.Key, StringComparer.Ordinal).ToList();
            if (entries.Count > 0)
                code[block] = new JsonArray([.. entries.Select(e => CodeEntry.Write(e.Key, e.Value, state))]);
        }
        return code;
    }

    /// <summary>Takes a document in, as one change.</summary>
    /// <param name="caller">Somebody of the whole gateway.</param>
    /// <param name="code">What <see cref="Export"/> gave, perhaps of another gateway, perhaps edited.</param>
    /// <param name="dryRun">Only say what would change.</param>
    /// <exception cref="As2Exception">GW-IMPORT-001: it is no such document; GW-CHANGE-002, -003; GW-CERTIFICATE-002.</exception>
    public ChangeResult Import(Caller caller, JsonObject code, bool dryRun)
    {
        OfAll(caller);
        var unknown = code.Select(m => m.Key).FirstOrDefault(name => !s_blocks.Any(b => b.Block.Equals(name, StringComparison.OrdinalIgnoreCase)));
        if (unknown is not null)
            throw new As2Exception("GW-IMPORT-001", $"'{unknown}' is not understood: {string.Join(", ", s_blocks.Select(b => b.Block))}.");
        return changes.Apply(caller, new WantedChange("configuration.import", "configuration", draft =>
        {
            foreach (var (block, kind) in s_blocks)
            {
                foreach (var entry in Entries(code, block))
                    Take(draft, kind, entry);
            }
        })
        {
            DryRun = dryRun, AllowsPrivateAddresses = true,
        });
    }

    private void Take(Draft draft, EntryKind kind, JsonObject entry)
    {
        var name = CodeEntry.NameOf(kind, entry);
        if (name.Kind != EntryKind.Organisation && draft.InForce.Fixed.Contains(name))
            throw new As2Exception("GW-CHANGE-002", $"The {name} stands in gateway.json, which goes before what is saved: take it out of one of both.");
        var body = CodeEntry.Read(draft, name, entry);
        Seal(body, name);
        if (kind == EntryKind.Station && CertificateBlocks(body) == 0)
        {
            var made = ManagedCertificate.MakeKey(name.Key, clock.GetUtcNow(), box);
            draft.Put(made.Name, made.Body);
            body["Certificates"] = new JsonArray(new JsonObject { ["File"] = ManagedCertificate.FileOf(made.Name.Key) });
        }
        if (kind == EntryKind.Webhook && body["Secret"] is null)
            body["Secret"] = box.Seal(Secret.New(), name.ToString(), "Secret");
        draft.Put(name, body);
    }

    // A document may bring a secret along, in clear: it is kept sealed like any other.
    private void Seal(JsonObject body, EntryName name)
    {
        foreach (var (member, value) in body.ToList())
        {
            if (value is JsonObject inner)
                Seal(inner, name);
            else if (member != "PasswordHash" && EntryDifference.IsSecret(member, null) && value is JsonValue text && text.TryGetValue<string>(out var secret) && !SecretBox.IsSealed(secret))
                body[member] = box.Seal(secret, name.ToString(), member);
        }
    }

    private static int CertificateBlocks(JsonObject body) => (body["Certificates"] as JsonArray)?.Count ?? 0;

    private static IEnumerable<JsonObject> Entries(JsonObject code, string block)
    {
        var found = code.FirstOrDefault(m => m.Key.Equals(block, StringComparison.OrdinalIgnoreCase)).Value;
        if (found is null)
            return [];
        return found is JsonArray list && list.All(e => e is JsonObject)
            ? list.OfType<JsonObject>()
            : throw new As2Exception("GW-IMPORT-001", $"'{block}' is a list of objects.");
    }

    private static void OfAll(Caller caller)
    {
        caller.Require(Role.PartnerAdmin);
        if (caller.Organisation is not null)
            throw new As2Exception("GW-CHANGE-003", "Only somebody of the whole gateway handles the configuration as a whole.");
    }
}
