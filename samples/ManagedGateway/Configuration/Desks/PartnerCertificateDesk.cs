using System.Text.Json.Nodes;
using As2;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;
using ManagedGateway.Secrets;

namespace ManagedGateway.Configuration.Desks;

/// <summary>How a partner's certificate is to serve.</summary>
/// <param name="For">verify, encrypt, verify-receipt, tls-server, with commas; null: verify and encrypt.</param>
/// <param name="From">Start of its use; null: its own.</param>
/// <param name="Until">End of its use; null: its own.</param>
/// <param name="SwitchAt">A scheduled switch: it verifies at once beside the old one, and we encrypt to it from this moment on. Without <paramref name="For"/> and <paramref name="From"/>.</param>
public sealed record CertificateUse(string? For = null, DateTimeOffset? From = null, DateTimeOffset? Until = null, DateTimeOffset? SwitchAt = null);

/// <summary>The certificates of partners as one caller may change them. Thread-safe.</summary>
internal sealed class PartnerCertificateDesk(SettingsChanges changes, LiveSettings live, Organisations organisations, SecretBox box)
{
    /// <summary>Adds one.</summary>
    /// <exception cref="As2Exception">GW-CERTIFICATE-002; GW-CHANGE-002, -003; GW-API-001.</exception>
    public ChangeResult Add(Caller caller, string local, string partner, CertificateUpload file, CertificateUse use)
    {
        Seen(caller, local, partner);
        if (use.SwitchAt is not null && (use.For is not null || use.From is not null))
            throw new As2Exception("GW-API-001", "SwitchAt stands alone: it says what the certificate is for, and from when.");
        var certificate = ManagedCertificate.Make(file.Read(needsKey: false), box);
        return Change(caller, "partnership.certificate.add", local, partner, (draft, list) =>
        {
            draft.Add(certificate.Name, certificate.Body);
            if (use.SwitchAt is null)
                list.Add((JsonNode)CertificateText.Block(certificate.Name, use.For, use.From, use.Until));
            else
            {
                list.Add((JsonNode)CertificateText.Block(certificate.Name, "verify", null, use.Until));
                list.Add((JsonNode)CertificateText.Block(certificate.Name, "encrypt", use.SwitchAt, use.Until));
            }
        });
    }

    /// <summary>Gives one another window, or another use.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003.</exception>
    public ChangeResult Change(Caller caller, string local, string partner, string id, CertificateUse use)
    {
        Seen(caller, local, partner);
        return Change(caller, "partnership.certificate.change", local, partner, (_, list) =>
        {
            var blocks = Blocks(list, id);
            foreach (var block in blocks)
            {
                if (use.For is not null)
                    block["For"] = use.For;
                // With a switch only the encrypting one waits.
                var from = use.SwitchAt is not null && block["For"]?.ToString() == "encrypt" ? use.SwitchAt : use.From;
                CertificateText.Window(block, from, use.Until);
            }
        });
    }

    /// <summary>Removes one.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003.</exception>
    public ChangeResult Remove(Caller caller, string local, string partner, string id)
    {
        Seen(caller, local, partner);
        return Change(caller, "partnership.certificate.remove", local, partner, (_, list) =>
        {
            foreach (var block in Blocks(list, id))
                list.Remove(block);
        });
    }

    private ChangeResult Change(Caller caller, string action, string local, string partner, Action<Draft, JsonArray> edit)
    {
        var name = EntryName.Of(local, partner);
        return changes.Apply(caller, new WantedChange(action, name.ToString(), draft =>
        {
            var entry = draft.Take(name);
            edit(draft, CertificateText.ListOf(entry));
            draft.Put(name, entry);
        })
        {
            // The address was looked at when it was set.
            AllowsPrivateAddresses = true,
        });
    }

    private static IReadOnlyList<JsonObject> Blocks(JsonArray list, string id)
    {
        var blocks = CertificateText.BlocksOf(list, id);
        return blocks.Count > 0 ? blocks : throw new As2Exception("GW-CHANGE-003", "There is no such certificate.");
    }

    private void Seen(Caller caller, string local, string partner)
    {
        if (!organisations.Sees(caller, local) || live.Current.Partnership(local, partner) is null)
            throw new As2Exception("GW-CHANGE-003", $"There is no partnership of '{local}' with '{partner}'.");
    }
}
