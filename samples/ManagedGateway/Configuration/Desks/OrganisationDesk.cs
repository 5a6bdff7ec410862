using System.Text.Json.Nodes;
using As2;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Configuration.Desks;

/// <summary>An organisation with its stations.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Stations">Its AS2 names.</param>
/// <param name="IsFixed">It stands in <c>gateway.json</c>.</param>
internal sealed record OrganisationLine(string Name, IReadOnlyList<string> Stations, bool IsFixed);

/// <summary>Organisations as one caller may see and change them. Thread-safe.</summary>
internal sealed class OrganisationDesk(SettingsChanges changes, LiveSettings live, Organisations organisations)
{
    /// <summary>Those that the caller sees, by name.</summary>
    public IReadOnlyList<OrganisationLine> List(Caller caller)
    {
        var current = live.Current;
        return
        [
            .. organisations.All.Where(o => caller.Organisation is null || caller.Organisation == o).Order(StringComparer.OrdinalIgnoreCase)
                .Select(o => new OrganisationLine(
                    o, [.. current.Stations.Where(s => organisations.Of(s) == o)], o == Organisations.Default || current.Fixed.Contains(new EntryName(EntryKind.Organisation, o)))),
        ];
    }

    /// <summary>Adds one without stations.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-003: the caller is of one organisation; GW-CHANGE-005: there is one of that name.</exception>
    public ChangeResult Add(Caller caller, string name)
    {
        OnlyOfAll(caller);
        return changes.Apply(caller, new WantedChange("organisation.add", name, draft =>
        {
            if (organisations.All.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new As2Exception("GW-CHANGE-005", $"There is an organisation '{name}' already.");
            draft.Add(new EntryName(EntryKind.Organisation, name), new JsonObject { ["Stations"] = new JsonArray() });
        }));
    }

    /// <summary>Removes one that has no stations.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003; GW-CHANGE-005: it has stations.</exception>
    public ChangeResult Remove(Caller caller, string name)
    {
        OnlyOfAll(caller);
        return changes.Apply(caller, new WantedChange("organisation.remove", name, draft =>
        {
            var entry = new EntryName(EntryKind.Organisation, name);
            if (draft.InForce.Fixed.Contains(entry))
                throw new As2Exception("GW-CHANGE-002", $"The organisation '{name}' stands in gateway.json, which goes before what is saved here: remove it there.");
            if (draft.Find(entry)?["Stations"] is JsonArray { Count: > 0 })
                throw new As2Exception("GW-CHANGE-005", $"The organisation '{name}' has stations: remove them first.");
            draft.Remove(entry);
        }));
    }

    private static void OnlyOfAll(Caller caller)
    {
        if (caller.Organisation is not null)
            throw new As2Exception("GW-CHANGE-003", "There is no such organisation.");
    }
}
