using System.Text.Json.Nodes;
using As2;
using As2.Agreements;
using As2.AspNetCore;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;
using ManagedGateway.Secrets;

namespace ManagedGateway.Configuration.Desks;

/// <summary>A partnership as it is written.</summary>
/// <param name="Organisation">Whose.</param>
/// <param name="Local">Our AS2 name.</param>
/// <param name="Partner">The partner's.</param>
/// <param name="IsFixed">It stands in <c>gateway.json</c>.</param>
/// <param name="Settings">What is said beside the defaults, by the names of docs/settings.md; <c>Preset</c> too. Secrets are hidden.</param>
/// <param name="Certificates">The partner's certificates.</param>
public sealed record PartnershipDetail(
    string Organisation, string Local, string Partner, bool IsFixed, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<HeldCertificate> Certificates);

/// <summary>Partnerships as one caller may see and change them. Thread-safe.</summary>
internal sealed class PartnershipDesk(SettingsChanges changes, LiveSettings live, Organisations organisations, SecretBox box)
{
    private static readonly string[] s_names = [.. As2Settings.PartnershipSettings.Select(s => s.Name).Where(n => n is not ("Local" or "Partner")), "Preset"];

    /// <summary>What may be said about a partnership, for a form.</summary>
    public static IReadOnlyList<SettingDescription> Describe() => [.. As2Settings.PartnershipSettings.Where(s => s.Name is not ("Local" or "Partner"))];

    /// <summary>One, or null: not there, or not seen.</summary>
    public PartnershipDetail? Find(Caller caller, string local, string partner)
    {
        var current = live.Current;
        if (!organisations.Sees(caller, local) || current.Partnership(local, partner) is not { } entry)
            return null;
        return new PartnershipDetail(
            organisations.Of(local), local, partner, current.Fixed.Contains(EntryName.Of(local, partner)),
            entry.Where(m => s_names.Contains(m.Key, StringComparer.OrdinalIgnoreCase) && m.Value is not null).ToDictionary(m => m.Key, m => Shown(m.Key, m.Value!)),
            CertificateText.Held(current, entry));
    }

    /// <summary>
    /// Adds a partnership, or gives one these settings in place of its own; its certificates stay. A secret that is
    /// <see cref="EntryDifference.Hidden"/> stays too.
    /// </summary>
    /// <param name="caller">Who.</param>
    /// <param name="local">Our AS2 name: one of the stations.</param>
    /// <param name="partner">The partner's AS2 name.</param>
    /// <param name="settings">By the names of docs/settings.md, as texts; lists with commas.</param>
    /// <param name="certificate">The partner's certificate, for a new one; null: none, or as it is.</param>
    /// <exception cref="As2Exception">GW-API-001: no AS2 names; GW-CHANGE-002, -003; GW-CERTIFICATE-002.</exception>
    public ChangeResult Put(Caller caller, string local, string partner, IReadOnlyDictionary<string, string> settings, CertificateUpload? certificate = null)
    {
        if (!As2Names.TryRead(local, out _) || !As2Names.TryRead(partner, out _))
            throw new As2Exception("GW-API-001", "An AS2 name has 1 to 128 printable ASCII characters.");
        Seen(caller, local);
        var held = certificate is null ? null : ManagedCertificate.Make(certificate.Read(needsKey: false), box);
        var name = EntryName.Of(local, partner);
        return changes.Apply(caller, new WantedChange("partnership.put", name.ToString(), draft =>
        {
            var before = draft.Find(name);
            var body = new JsonObject { ["Local"] = local, ["Partner"] = partner };
            foreach (var (setting, value) in settings)
            {
                if (EntryDifference.IsSecret(setting, null) || value == EntryDifference.Hidden)
                    body[setting] = value == EntryDifference.Hidden ? before?[setting]?.DeepClone() : box.Seal(value, name.ToString(), setting);
                else
                    body[setting] = value;
            }
            body["Certificates"] = before?["Certificates"]?.DeepClone() ?? new JsonArray();
            if (held is not null)
            {
                draft.Add(held.Name, held.Body);
                CertificateText.ListOf(body).Add((JsonNode)CertificateText.Block(held.Name, null, null, null));
            }
            draft.Put(name, body);
        })
        {
            AllowsPrivateAddresses = caller.Organisation is null,
        });
    }

    /// <summary>Removes one. Its messages stay.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003.</exception>
    public ChangeResult Remove(Caller caller, string local, string partner)
    {
        Seen(caller, local);
        var name = EntryName.Of(local, partner);
        return changes.Apply(caller, new WantedChange("partnership.remove", name.ToString(), draft => draft.Remove(name)));
    }

    private void Seen(Caller caller, string local)
    {
        if (live.Current.Station(local) is null || !organisations.Sees(caller, local))
            throw new As2Exception("GW-CHANGE-003", $"There is no station '{local}'.");
    }

    private static string Shown(string name, JsonNode value)
    {
        var text = value is JsonArray list ? string.Join(", ", list.Select(i => i?.ToString())) : value.ToString();
        return EntryDifference.IsSecret(name, text) || (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length > 0) ? EntryDifference.Hidden : text;
    }
}
