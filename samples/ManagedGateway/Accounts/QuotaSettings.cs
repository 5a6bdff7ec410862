using As2;
using As2.Agreements;
using As2.Storage;

namespace ManagedGateway.Accounts;

/// <summary>What an organisation may use through all its stations together.</summary>
internal sealed class QuotaSettings
{
    /// <summary>Most bytes of payloads that are kept for it. Default: no limit.</summary>
    public long MaxBytes { get; set; } = long.MaxValue;

    /// <summary>Most messages of one day, both ways. Default: no limit.</summary>
    public long MaxMessagesPerDay { get; set; } = long.MaxValue;

    /// <exception cref="As2Exception">GW-CONFIG-001: there is no such organisation.</exception>
    public OrganisationQuota ToQuota(string organisation, GatewaySettings settings)
    {
        if (!settings.Organisations.TryGetValue(organisation, out var stations))
            throw new As2Exception("GW-CONFIG-001", $"Quotas name '{organisation}', which Organisations does not. Add it there with its stations.");
        return new(organisation, [.. stations.Select(station => new As2Identifier(station))]) { MaxBytes = MaxBytes, MaxMessagesPerDay = MaxMessagesPerDay };
    }
}
