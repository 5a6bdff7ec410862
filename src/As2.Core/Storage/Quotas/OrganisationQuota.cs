using As2.Agreements;

namespace As2.Storage;

/// <summary>How much an organisation may use through all its stations together. Immutable.</summary>
/// <param name="Organisation">Its name, for people.</param>
/// <param name="Stations">Its AS2 names; a name belongs to one organisation.</param>
public sealed record OrganisationQuota(string Organisation, IReadOnlyList<As2Identifier> Stations)
{
    /// <summary>Most bytes of payloads that are kept for it. Default: no limit.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>Most messages of one day, in UTC, both ways. Default: no limit.</summary>
    public long MaxMessagesPerDay { get; init; } = long.MaxValue;
}
