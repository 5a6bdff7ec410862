using As2.Agreements;
using ManagedGateway.Configuration;

namespace ManagedGateway.Operations;

/// <summary>
/// Which organisation a station, and with it its partnerships, accounts and messages, belongs to: as <c>gateway.json</c> and what is saved say
/// now. A station that none names belongs to <see cref="Default"/>. Thread-safe.
/// </summary>
internal sealed class Organisations
{
    /// <summary>The organisation of stations that no organisation names.</summary>
    public const string Default = "default";

    private readonly LiveSettings _live;
    private readonly PartnershipBook _book;
    private volatile Tuple<MergedSettings?, Dictionary<string, string>> _known = new(null, []);

    /// <exception cref="As2.As2Exception">GW-CONFIG-002: a station is in two organisations.</exception>
    public Organisations(LiveSettings live, PartnershipBook book)
    {
        (_live, _book) = (live, book);
        var pairs = live.Current.Settings.Organisations.SelectMany(o => o.Value);
        if (pairs.GroupBy(p => p, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new As2.As2Exception("GW-CONFIG-002", $"Organisations: station '{twice.Key}' is in two of them: take it out of one.");
    }

    /// <summary>Every organisation's name, in the order of the settings.</summary>
    public IReadOnlyList<string> All => [.. _live.Current.Settings.Organisations.Keys.Append(Default).Distinct(StringComparer.Ordinal)];

    /// <summary>The organisation of a station.</summary>
    public string Of(As2Identifier station) => Of(station.Value);

    /// <inheritdoc cref="Of(As2Identifier)"/>
    public string Of(string station) => OfStation().GetValueOrDefault(station, Default);

    /// <summary>Whether somebody may see what belongs to a station.</summary>
    public bool Sees(Access.Caller caller, As2Identifier station) => Sees(caller, station.Value);

    /// <inheritdoc cref="Sees(Access.Caller, As2Identifier)"/>
    public bool Sees(Access.Caller caller, string station) => caller.Organisation is null || caller.Organisation == Of(station);

    /// <summary>The stations that somebody may see; null: all, also former ones.</summary>
    public IReadOnlyList<As2Identifier>? StationsOf(Access.Caller caller) => caller.Organisation is null
        ? null
        : [.. _book.Partnerships.Select(p => p.Local).Concat(OfStation().Keys.Select(s => new As2Identifier(s))).Distinct().Where(s => Sees(caller, s))];

    private Dictionary<string, string> OfStation()
    {
        var (current, known) = (_live.Current, _known);
        if (ReferenceEquals(known.Item1, current))
            return known.Item2;
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        // A file that is edited to name a station twice leaves it where it stands first; the next start says so.
        foreach (var (organisation, stations) in current.Settings.Organisations)
        {
            foreach (var station in stations)
                map.TryAdd(station, organisation);
        }
        _known = new(current, map);
        return map;
    }
}
