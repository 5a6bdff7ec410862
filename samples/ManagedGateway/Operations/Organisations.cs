using As2.Agreements;

namespace ManagedGateway.Operations;

/// <summary>
/// Which organisation a station, and with it its partnerships, accounts and messages, belongs to. Read at start from <c>Organisations</c>
/// of <c>gateway.json</c>; a station that none names belongs to <see cref="Default"/>.
/// </summary>
internal sealed class Organisations
{
    /// <summary>The organisation of stations that no organisation names.</summary>
    public const string Default = "default";

    private readonly Dictionary<string, string> _ofStation;
    private readonly PartnershipBook _book;

    /// <exception cref="As2.As2Exception">GW-CONFIG-002: a station is in two organisations.</exception>
    public Organisations(GatewaySettings settings, PartnershipBook book)
    {
        _book = book;
        var pairs = settings.Organisations.SelectMany(o => o.Value.Select(station => (Station: station, Organisation: o.Key))).ToList();
        if (pairs.GroupBy(p => p.Station, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new As2.As2Exception("GW-CONFIG-002", $"Organisations: station '{twice.Key}' is in two of them: take it out of one.");
        _ofStation = pairs.ToDictionary(p => p.Station, p => p.Organisation, StringComparer.Ordinal);
        All = [.. settings.Organisations.Keys.Append(Default).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Every organisation's name, in the order of the settings.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>The organisation of a station.</summary>
    public string Of(As2Identifier station) => Of(station.Value);

    /// <inheritdoc cref="Of(As2Identifier)"/>
    public string Of(string station) => _ofStation.GetValueOrDefault(station, Default);

    /// <summary>Whether somebody may see what belongs to a station.</summary>
    public bool Sees(Access.Caller caller, As2Identifier station) => caller.Organisation is null || caller.Organisation == Of(station);

    /// <summary>The stations that somebody may see; null: all, also former ones.</summary>
    public IReadOnlyList<As2Identifier>? StationsOf(Access.Caller caller) => caller.Organisation is null
        ? null
        : [.. _book.Partnerships.Select(p => p.Local).Concat(_ofStation.Keys.Select(s => new As2Identifier(s))).Distinct().Where(s => Sees(caller, s))];
}
