using As2.Agreements;
using ManagedGateway.Operations;

namespace ManagedGateway.Configuration.Changes;

/// <summary>What the addresses by which others reach us must be.</summary>
internal static class AddressRules
{
    public static IEnumerable<PartnershipFault> Check(AddressSettings addresses)
    {
        foreach (var (setting, text) in new[] { ("As2", addresses.As2), ("Console", addresses.Console) })
        {
            if (text is not null && (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Fragment.Length > 0))
                yield return new("GW-CONFIG-007", setting, "An address by which others reach this gateway is an absolute https address, such as https://as2.acme.example/as2.");
        }
    }
}
