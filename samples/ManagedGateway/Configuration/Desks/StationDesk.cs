using System.Text.Json.Nodes;
using As2;
using As2.Certificates;
using As2.Storage;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;
using ManagedGateway.Secrets;

namespace ManagedGateway.Configuration.Desks;

/// <summary>One of our stations.</summary>
internal sealed record StationLine(string Name, string Organisation, bool IsFixed, IReadOnlyList<HeldCertificate> Certificates);

/// <summary>A key to be made.</summary>
/// <param name="Kind">Default: RSA of 3072 bits.</param>
/// <param name="Years">How long its certificate is good: 1 to 10. Default: 3.</param>
internal sealed record NewKey(CertificateKeyKind Kind = CertificateKeyKind.Rsa3072, int Years = 3);

/// <summary>A station to be made.</summary>
/// <param name="Name">Its AS2 name.</param>
/// <param name="Organisation">Whose it is; null: the caller's, or <see cref="Organisations.Default"/>.</param>
/// <param name="Key">Its first key; null: the defaults.</param>
internal sealed record NewStation(string Name, string? Organisation = null, NewKey? Key = null);

/// <summary>Our stations and their keys as one caller may see and change them. Private keys go in and never out. Thread-safe.</summary>
internal sealed class StationDesk(SettingsChanges changes, LiveSettings live, Organisations organisations, SecretBox box, IMessageJournal journal, TimeProvider clock)
{
    /// <summary>Those that the caller sees, by name.</summary>
    public IReadOnlyList<StationLine> List(Caller caller)
    {
        var current = live.Current;
        return [.. current.Stations.Where(s => organisations.Sees(caller, s)).Order(StringComparer.Ordinal).Select(s => Line(current, s))];
    }

    /// <summary>One, or null: not there, or not seen.</summary>
    public StationLine? Find(Caller caller, string name)
        => live.Current is var current && current.Station(name) is not null && organisations.Sees(caller, name) ? Line(current, name) : null;

    /// <summary>Makes one with a key of its own.</summary>
    /// <exception cref="As2Exception">GW-API-001: no AS2 name; GW-CHANGE-003: no such organisation; GW-CHANGE-005: the name is taken.</exception>
    public async Task<ChangeResult> AddAsync(Caller caller, NewStation station, CancellationToken cancellationToken)
    {
        if (!As2Names.TryRead(station.Name, out _) || station.Name.AsSpan().IndexOfAny(":/\\\"") >= 0)
            throw new As2Exception("GW-API-001", "An AS2 name has 1 to 128 printable ASCII characters; colon, slash, backslash and quote are not for stations.");
        var organisation = station.Organisation ?? caller.Organisation ?? Organisations.Default;
        if (!organisations.All.Contains(organisation) || (caller.Organisation is not null && caller.Organisation != organisation))
            throw new As2Exception("GW-CHANGE-003", $"There is no organisation '{organisation}'.");
        // Messages of a former station of this name are somebody else's.
        if (caller.Organisation is not null && await journal.ListAsync(new MessageQuery { Local = new As2.Agreements.As2Identifier(station.Name), Max = 1 }, cancellationToken) is { Count: > 0 })
            throw new As2Exception("GW-CHANGE-005", $"There was a station '{station.Name}' before: choose another name, or ask somebody of the whole gateway.");
        var certificate = Make(station.Name, station.Key ?? new NewKey());
        return changes.Apply(caller, new WantedChange("station.add", station.Name, draft =>
        {
            if (draft.InForce.Stations.Contains(station.Name, StringComparer.OrdinalIgnoreCase) || draft.InForce.Settings.Organisations.Values.Any(o => o.Contains(station.Name)))
                throw new As2Exception("GW-CHANGE-005", $"There is a station '{station.Name}' already: choose another name.");
            draft.Add(certificate.Name, certificate.Body);
            draft.Add(new EntryName(EntryKind.Station, station.Name), new JsonObject { ["Certificates"] = new JsonArray(CertificateText.Block(certificate.Name, null, null, null)) });
            if (organisation != Organisations.Default)
                Enrol(draft, organisation, station.Name);
        }));
    }

    /// <summary>Adds a key that is made here: from that moment on it signs, and it opens messages at once. The old one goes on opening.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="name">The station.</param>
    /// <param name="key">The key to make.</param>
    /// <param name="from">When it begins to sign; null: at once.</param>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003; GW-API-001: the moment is past.</exception>
    public ChangeResult RollOver(Caller caller, string name, NewKey key, DateTimeOffset? from) => Add(caller, name, () => Make(name, key), from);

    /// <summary>The same with a key that was made elsewhere.</summary>
    /// <exception cref="As2Exception">As above; GW-CERTIFICATE-002.</exception>
    public ChangeResult RollOver(Caller caller, string name, CertificateUpload file, DateTimeOffset? from)
        => Add(caller, name, () => ManagedCertificate.Make(file.Read(needsKey: true), box), from);

    /// <summary>Removes a key: what is still encrypted to it cannot be opened any more.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003.</exception>
    public ChangeResult RemoveKey(Caller caller, string name, string id)
    {
        Seen(caller, name);
        return changes.Apply(caller, new WantedChange("station.key.remove", name, draft =>
        {
            var entry = draft.Take(new EntryName(EntryKind.Station, name));
            var blocks = CertificateText.BlocksOf(CertificateText.ListOf(entry), id);
            if (blocks.Count == 0)
                throw new As2Exception("GW-CHANGE-003", "There is no such certificate.");
            foreach (var block in blocks)
                CertificateText.ListOf(entry).Remove(block);
            draft.Put(new EntryName(EntryKind.Station, name), entry);
        }));
    }

    /// <summary>Removes a station that no partnership names any more.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003.</exception>
    public ChangeResult Remove(Caller caller, string name)
    {
        Seen(caller, name);
        return changes.Apply(caller, new WantedChange("station.remove", name, draft =>
        {
            draft.Remove(new EntryName(EntryKind.Station, name));
            foreach (var organisation in draft.Result.Entries.Keys.Where(n => n.Kind == EntryKind.Organisation).ToList())
            {
                var body = draft.Find(organisation)!;
                if (body["Stations"] is JsonArray list && list.FirstOrDefault(s => s!.ToString() == name) is { } enrolled && list.Remove(enrolled))
                    draft.Put(organisation, body);
            }
        }));
    }

    /// <summary>The certificate for partners, without its key; null: not there, or not seen.</summary>
    public As2Certificate? Public(Caller caller, string name, string sha256)
        => organisations.Sees(caller, name) ? PublicOf(name, sha256) : null;

    /// <summary>The same for whoever was given the right to it elsewhere.</summary>
    public As2Certificate? PublicOf(string name, string sha256)
        => CertificateText.Open(live.Current, live.Current.Station(name)).Select(c => c.Certificate).FirstOrDefault(c => c.Thumbprint == sha256);

    private ChangeResult Add(Caller caller, string name, Func<ManagedEntry> make, DateTimeOffset? from)
    {
        Seen(caller, name);
        if (from < clock.GetUtcNow().AddMinutes(-5))
            throw new As2Exception("GW-API-001", "The moment of the switch is past: leave it out to switch at once.");
        var certificate = make();
        return changes.Apply(caller, new WantedChange("station.key.add", name, draft =>
        {
            var entry = draft.Take(new EntryName(EntryKind.Station, name));
            draft.Add(certificate.Name, certificate.Body);
            CertificateText.ListOf(entry).Add((JsonNode)CertificateText.Block(certificate.Name, null, from ?? clock.GetUtcNow(), null));
            draft.Put(new EntryName(EntryKind.Station, name), entry);
        }));
    }

    private StationLine Line(MergedSettings current, string name) => new(
        name, organisations.Of(name), current.Fixed.Contains(new EntryName(EntryKind.Station, name)), CertificateText.Held(current, current.Station(name)));

    private ManagedEntry Make(string name, NewKey key)
    {
        if (key.Years is < 1 or > 10)
            throw new As2Exception("GW-API-001", "A certificate is good for 1 to 10 years.");
        return ManagedCertificate.MakeKey(name, clock.GetUtcNow(), box, TimeSpan.FromDays(365 * key.Years), key.Kind);
    }

    private void Seen(Caller caller, string name)
    {
        if (Find(caller, name) is null)
            throw new As2Exception("GW-CHANGE-003", $"There is no station '{name}'.");
    }

    private static void Enrol(Draft draft, string organisation, string station)
    {
        var name = new EntryName(EntryKind.Organisation, organisation);
        var body = draft.Find(name) ?? new JsonObject { ["Stations"] = new JsonArray() };
        body["Stations"]!.AsArray().Add(station);
        draft.Put(name, body);
    }
}
