using System.Text.Json.Nodes;
using As2;
using ManagedGateway.Configuration;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Operations;

/// <summary>The addresses as one caller may see and set them. Thread-safe.</summary>
internal sealed class AddressDesk(SettingsChanges changes, LiveSettings live)
{
    /// <summary>What is set; true: in <c>gateway.json</c>, so that nothing is changed here.</summary>
    public (AddressSettings Settings, bool IsFixed) Read() => (live.Current.Settings.Addresses, live.Current.Fixed.Contains(EntryName.Addresses));

    /// <summary>Sets them.</summary>
    /// <exception cref="As2Exception">GW-ROLE-001; GW-CHANGE-002, -003.</exception>
    public ChangeResult Set(Caller caller, AddressSettings addresses)
    {
        if (caller.Organisation is not null)
            throw new As2Exception("GW-CHANGE-003", "The addresses are the whole gateway's.");
        return changes.Apply(caller, new WantedChange("addresses.set", "addresses", draft => draft.Put(EntryName.Addresses, new JsonObject
        {
            [nameof(addresses.As2)] = Plain(addresses.As2), [nameof(addresses.Console)] = Plain(addresses.Console),
        })));
    }

    private static JsonValue? Plain(string? text) => string.IsNullOrWhiteSpace(text) ? null : JsonValue.Create(text.Trim());
}
